import { coreErrors, type ErrorDefinition } from '@app/errors';
import type { ManagementAnswer, ManagementAnswers, MetricsText } from './management-answer.js';

const noStore = { 'cache-control': 'no-store' };

/** The answer to a request by its method and path. Throws what the functions behind the paths throw. */
export async function manage(
  answers: ManagementAnswers,
  method: string,
  target: string,
): Promise<ManagementAnswer> {
  const path = target.split('?', 1)[0] ?? '';
  const answer = routesOf(answers)[path.replace(/\/$/, '')];
  if (answer === undefined)
    return problem(coreErrors.not_found, 404, 'The management port has no such path.');
  if (method !== 'GET' && method !== 'HEAD') {
    const { headers, ...refused } = problem(
      coreErrors.method_not_allowed,
      405,
      `This path does not take ${method}.`,
    );
    return { ...refused, headers: { ...headers, allow: 'GET, HEAD' } };
  }
  const { status, headers, body } = await answer();
  return { status, headers: { ...noStore, ...headers }, body };
}

/** The answer when a function behind a path has failed. */
export function failed(): ManagementAnswer {
  return problem(coreErrors.internal_error, 500, 'The management port could not answer this request.');
}

type Route = () => ManagementAnswer | Promise<ManagementAnswer>;

function routesOf({ metrics, ...answers }: ManagementAnswers): Readonly<Record<string, Route>> {
  return {
    '/livez': answers.livez,
    '/readyz': answers.readyz,
    '/startupz': answers.startupz,
    ...(metrics === undefined ? {} : { '/metrics': async () => metricsAnswer(await metrics()) }),
  };
}

function metricsAnswer({ contentType, body }: MetricsText): ManagementAnswer {
  return { status: 200, headers: { 'content-type': contentType }, body };
}

/** A problem of RFC 9457. The management port has no documentation of its own, so that the type says nothing. */
function problem(definition: ErrorDefinition, status: number, detail: string): ManagementAnswer {
  const { code, title, advice } = definition;
  return {
    status,
    headers: { ...noStore, 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title, status, detail: `${detail} ${advice}`, code }),
  };
}
