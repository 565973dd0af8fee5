import type { FailureReason } from '@app/errors';
import type { Datastore } from '@app/lifecycle';

/** The failures that a datastore's client tells of, as they come. */
export function failuresOf(client: Pick<Datastore, 'onFailure'>): FailureReason[] {
  const failures: FailureReason[] = [];
  client.onFailure((reason) => failures.push(reason));
  return failures;
}

/** What the work fails with; the text `no failure` if it does not. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'no failure';
  } catch (error) {
    return error;
  }
}
