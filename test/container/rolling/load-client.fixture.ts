import { on } from 'node:events';
import type { LoadCommand, LoadPlan } from './load.ts';
import { LoadClient } from './load-client.ts';

const client = new LoadClient(JSON.parse(process.argv[2] ?? '') as LoadPlan);
// When the process that asked is gone, so is the channel, and this one is to end.
process.once('disconnect', () => process.kill(process.pid));
for await (const [command] of on(process, 'message') as AsyncIterable<[LoadCommand]>) {
  if (command === 'end') process.send?.(await client.end());
  else process.send?.(await client.sent(command.send));
}
