export type { Logger } from 'pino';
export { createLogger, type Logging, type LoggingOptions } from './create-logger.js';
export { createPlainLog, type PlainLog } from './plain-log.js';
export { redactSecrets } from './redaction.js';
export { requestContext, runWithRequestId, type RequestContext } from './request-context.js';
export { serializeError, type SerializedError } from './serialize-error.js';
export { silentLogger } from './silent-logger.js';
