export { httpErrors, MethodNotAllowedError, NotServingError } from './http.errors.js';
export { notServing, notServingRetryAfterSeconds } from './not-serving.js';
export {
  problem,
  problemAnswer,
  problemMediaType,
  problemTypeBase,
  writeAnswer,
  type ProblemAnswer,
  type ProblemBody,
  type ProblemContext,
} from './problem.js';
export { requestIdFrom, requestIdHeader } from './request-id.js';
export { securityHeaders } from './security-headers.js';
export { serverLimits, type ServerLimits } from './server-limits.js';
export { statusOf } from './status.js';
