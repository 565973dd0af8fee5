import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What the client is to do. */
export interface TrafficPlan {
  /** Of the service, as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** On kept-alive connections. */
  readonly ratePerSecond: number;
  /** Kept-alive connections that are open when the traffic begins, and at most. */
  readonly connections: number;
  /** A bearer token with the scope `write`. */
  readonly token: string;
  /** The instrument whose trades are sent and whose data are read. */
  readonly symbol: string;
}

/** A request that was not answered as it should be. */
export interface FailedRequest {
  /** When it was given a connection, in milliseconds since 1970; undefined where it never was. */
  readonly sentAt: number | undefined;
  readonly onNewConnection: boolean;
}

/** What the client saw. Times are in milliseconds, latencies from the moment at which a request was due. */
export interface TrafficReport {
  /** On kept-alive connections. */
  readonly requests: number;
  /** Requests besides, each on a connection of its own. */
  readonly newcomers: number;
  /** From the first request to the last answer: longer where the service cannot keep up. */
  readonly durationMs: number;
  /** The ids of the trades that were answered with 202. */
  readonly acceptedTrades: readonly string[];
  readonly failures: number;
  readonly failed: readonly FailedRequest[];
  /** The first failures, each with the request, when it was due, and what happened. */
  readonly examples: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What the client is told: to tell when it has sent so many more, or to end. */
export type TrafficCommand = { readonly send: number } | 'end';

export interface Traffic extends AsyncDisposable {
  /** Resolves when the client has sent so many more requests. */
  sent(requests: number): Promise<void>;
  /** Sends nothing more, waits for the answers that are due, and tells. */
  end(): Promise<TrafficReport>;
}

/** Starts the client in a process of its own, so that its pace does not hang on the test. */
export function startTraffic(plan: TrafficPlan): Traffic {
  const program = new URL('traffic-client.fixture.ts', import.meta.url);
  const client = fork(program, [JSON.stringify(plan)], { execArgv: [] });
  const ended = once(client, 'exit');
  const ask = async (command: TrafficCommand): Promise<unknown> => {
    client.send(command);
    const [answer] = (await Promise.race([
      once(client, 'message'),
      ended.then(([code]) => Promise.reject(new Error(`The client ended with ${String(code)}.`))),
    ])) as unknown[];
    return answer;
  };
  return {
    sent: async (requests) => {
      await ask({ send: requests });
    },
    end: async () => (await ask('end')) as TrafficReport,
    [Symbol.asyncDispose]: async () => {
      client.kill();
      await ended;
    },
  };
}
