/**
 * Runs work with a signal that aborts when its time is over, or sooner to have it end in time; the work is left behind
 * when it does not heed it.
 *
 * @param noticeMs When the signal aborts.
 */
export async function withDeadline<Result>(
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
  noticeMs = ms,
): Promise<Result> {
  const controller = new AbortController();
  const error = new DOMException(`Not done within ${String(ms)} ms.`, 'TimeoutError');
  const notice = setTimeout(() => controller.abort(error), noticeMs);
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => expired.reject(error), ms);
  try {
    return await Promise.race([work(controller.signal), expired.promise]);
  } finally {
    clearTimeout(notice);
    clearTimeout(timer);
  }
}
