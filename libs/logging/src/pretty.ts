import pinoPretty from 'pino-pretty';

/** Makes a function that turns a log line in JSON into one for people; in colour for a terminal. */
export function prettyPrinter(colorize: boolean): (line: string) => string {
  const print = pinoPretty.prettyFactory({
    colorize,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,service',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error'],
  });
  return (line) => print(line);
}
