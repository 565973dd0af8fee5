/** A trade of the batch that the API did not take. */
export interface Rejection {
  /** Place in the batch, from 0. */
  readonly index: number;
  readonly code: string;
  readonly detail: string;
}

/** The API has the accepted trades for good. */
export interface Taken {
  readonly kind: 'taken';
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** What the API says of a batch. */
export type Answer =
  | Taken
  /** Sending it again later may work. */
  | { readonly kind: 'wait'; readonly why: string; readonly retryAfterMs?: number }
  /** Sending it again is of no use. */
  | { readonly kind: 'refused'; readonly why: string; readonly advice: string };

/** The longest time that the API may ask to wait, in milliseconds. */
const longestRetryAfterMs = 300_000;

/** Makes sense of an answer to `POST /ticks`. A server error, a time-out and a rate limit pass; other failures stay. */
export function readAnswer(status: number, headers: Headers, body: string): Answer {
  const json = parsed(body);
  const taken = status === 202 ? takenOf(json) : undefined;
  if (taken !== undefined) return taken;
  const { code, detail } = textsOf(json);
  const why = `The API answers ${String(status)}${code === '' ? '' : ` ${code}`}${detail === '' ? '.' : `: ${detail}`}`;
  if (status >= 500 || status === 408 || status === 429) {
    const retryAfterMs = retryAfter(headers.get('retry-after'));
    return { kind: 'wait', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  return {
    kind: 'refused',
    why,
    advice: advices[status] ?? 'Look whether --url is the address of this API.',
  };
}

const advices: Readonly<Record<number, string>> = {
  400: 'Look at the rows of this batch.',
  401: 'Give a token with --token, or the SECRET_KEY of the API in the environment.',
  403: 'Give a token of scope write.',
  413: 'Send fewer rows at once with --batch, or raise BODY_LIMIT of the API.',
};

function takenOf(json: unknown): Taken | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { accepted, rejected } = json as { accepted?: unknown; rejected?: unknown };
  if (typeof accepted !== 'number' || !Array.isArray(rejected)) return undefined;
  return { kind: 'taken', accepted, rejected: rejected as readonly Rejection[] };
}

function textsOf(json: unknown): { readonly code: string; readonly detail: string } {
  const { code, detail } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  return { code: typeof code === 'string' ? code : '', detail: typeof detail === 'string' ? detail : '' };
}

/** In milliseconds: seconds, or a date, as RFC 9110 (section 10.2.3) has it. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(longestRetryAfterMs, Math.max(100, ms));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
