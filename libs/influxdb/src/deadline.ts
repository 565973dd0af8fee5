/**
 * Runs work with a signal that aborts after `ms` milliseconds or with one of the others. (AbortSignal.any with
 * AbortSignal.timeout would hold each call's memory until its time is over.)
 */
export async function withDeadline<Result>(
  ms: number,
  others: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const sources = others.filter((other) => other !== undefined);
  const abort = (): void => controller.abort(new DOMException('The call was ended.', 'AbortError'));
  const timer = setTimeout(
    () => controller.abort(new DOMException(`No answer within ${ms} ms.`, 'TimeoutError')),
    ms,
  );
  for (const source of sources) source.addEventListener('abort', abort, { once: true });
  try {
    if (sources.some((source) => source.aborted)) abort();
    controller.signal.throwIfAborted();
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener('abort', abort);
  }
}
