import { readFileSync, writeFileSync } from 'node:fs';

/** What makes the kernel kill a process before any other, however small it is. */
const first = '1000';

/**
 * Makes a process that starts the first one to be killed where memory runs out. The kernel takes the largest, which a
 * worker is not yet: it would take the supervisor, and the container would end without a word. Elsewhere than on Linux,
 * and where that is not allowed, nothing happens.
 * @returns Has the kernel look at the process as at this one again; for one that has grown, which is found by its size.
 */
export function makeFirstToGo(pid: number, root = '/proc'): () => void {
  const weight = `${root}/${String(pid)}/oom_score_adj`;
  try {
    const own = readFileSync(`${root}/self/oom_score_adj`, 'utf8').trim();
    writeFileSync(weight, first);
    return () => writeWhileItRuns(weight, own);
  } catch {
    return () => undefined;
  }
}

function writeWhileItRuns(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch {
    // It has ended meanwhile.
  }
}
