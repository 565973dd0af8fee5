import { createPlainLog, type PlainLog } from '@app/logging';
import type { ServiceSettings } from '../messages.js';

type Level = 'info' | 'warn' | 'error' | 'fatal';
type Fields = Readonly<Record<string, unknown>>;

interface Line {
  readonly level: Level;
  readonly fields: Fields;
  readonly message: string;
}

export interface SupervisorLogOptions {
  /** Takes the lines where no worker ever came to say how the log is written. */
  readonly writeError: (text: string) => void;
  /** Takes the place of standard output, for tests. */
  readonly output?: { write(line: string): void };
}

/** The log of the supervisor. How it is written a worker has to say first; until then its lines wait. */
export class SupervisorLog {
  readonly #waiting: Line[] = [];
  readonly #options: SupervisorLogOptions;
  #log: PlainLog | undefined;
  #started = false;

  constructor(options: SupervisorLogOptions) {
    this.#options = options;
  }

  async open({ logging: config, name }: Pick<ServiceSettings, 'logging' | 'name'>): Promise<void> {
    const { output } = this.#options;
    const destination = output === undefined ? {} : { destination: output };
    this.#log = await createPlainLog({ config, name, files: 'application', ...destination });
    for (const line of this.#waiting.splice(0)) this.#write(this.#log, line);
  }

  /** From now on the lines are not of the start any more. */
  started(): void {
    this.#started = true;
  }

  line(level: Level, fields: Fields, message: string): void {
    const line = { level, fields, message };
    if (this.#log === undefined) this.#waiting.push(line);
    else this.#write(this.#log, line);
  }

  /** Blocks until every line is written. */
  flush(): void {
    const serious = this.#waiting.splice(0).filter(({ level }) => level !== 'info');
    for (const { message } of serious) this.#options.writeError(`${message}\n`);
    this.#log?.flush();
  }

  #write({ line, startupLine }: PlainLog, { level, fields, message }: Line): void {
    (this.#started ? line : startupLine)(level, fields, message);
  }
}
