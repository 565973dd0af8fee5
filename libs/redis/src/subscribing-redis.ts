import { Redis } from 'ioredis';

/**
 * ioredis that knows the channels it was told to listen to. Its own `autoResubscribe` forgets them when the
 * connection is lost again before the server has answered, and leaves that failure as an unhandled rejection,
 * which ends the process.
 */
export class SubscribingRedis extends Redis {
  readonly channels = new Set<string>();

  override sendCommand(...sent: Parameters<Redis['sendCommand']>): unknown {
    const [{ name, args }] = sent;
    const channels = args.map(String);
    if (name === 'subscribe') for (const channel of channels) this.channels.add(channel);
    if (name === 'unsubscribe' && channels.length === 0) this.channels.clear();
    if (name === 'unsubscribe') for (const channel of channels) this.channels.delete(channel);
    return super.sendCommand(...sent);
  }
}
