import { closedLoad, type LoadAnswer } from '../../support/load.ts';
import { tradeBody } from '../../support/trade-bodies.ts';

export interface Posting {
  readonly url: string;
  /** With the scope `write`. */
  readonly token: string;
  readonly symbol: string;
  readonly connections: number;
  readonly forMs: number;
}

/** Posts 10,000 trades after 10,000 trades on each connection; `number` is the body's. */
export async function postTrades({
  url,
  token,
  symbol,
  ...load
}: Posting): Promise<(LoadAnswer & { number: number })[]> {
  let last = 0;
  const answers = await closedLoad(() => {
    last += 1;
    return {
      url: `${url}/api/v1/ticks`,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-request-id': `body-${String(last)}`,
      },
      body: tradeBody({ symbol, number: last }),
    };
  }, load);
  return answers.map((answer) => ({
    ...answer,
    number: Number(String(answer.headers['x-request-id']).slice(5)),
  }));
}
