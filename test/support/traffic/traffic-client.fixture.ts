import { on } from 'node:events';
import type { TrafficCommand, TrafficPlan } from './traffic.ts';
import { TrafficClient } from './traffic-client.ts';

const commands = on(process, 'message') as AsyncIterable<[TrafficCommand]>;
// When the process that asked is gone, so is the channel, and this one is to end.
process.once('disconnect', () => process.kill(process.pid));
const client = await TrafficClient.start(JSON.parse(process.argv[2] ?? '') as TrafficPlan);
for await (const [command] of commands) {
  if (command === 'end') process.send?.(await client.end());
  else process.send?.(await client.sent(command.send));
}
