import { closedLoad, type LoadAnswer, type LoadRequest } from '../../support/load.ts';
import { tradeBody } from '../../support/trade-bodies.ts';

/** Whom trades are sent to. */
export interface TradeTaker {
  readonly url: string;
  /** With the scope `write`. */
  readonly token: string;
}

export interface Posting extends TradeTaker {
  readonly symbol: string;
  readonly connections: number;
  readonly forMs: number;
}

/** `POST /ticks` with this body. */
export const tradesRequest = ({ url, token }: TradeTaker, body: Buffer, id: string): LoadRequest => ({
  url: `${url}/api/v1/ticks`,
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-request-id': id },
  body,
});

/** Posts 10,000 trades after 10,000 trades on each connection; `number` is the body's. */
export async function postTrades({
  symbol,
  connections,
  forMs,
  ...taker
}: Posting): Promise<(LoadAnswer & { readonly number: number })[]> {
  let last = 0;
  const answers = await closedLoad(
    () => {
      last += 1;
      return tradesRequest(taker, tradeBody({ symbol, number: last }), `body-${String(last)}`);
    },
    { connections, forMs },
  );
  return answers.map((answer) => ({
    ...answer,
    number: Number(String(answer.headers['x-request-id']).slice('body-'.length)),
  }));
}
