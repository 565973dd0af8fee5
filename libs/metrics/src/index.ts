export type { ManagementAnswer, ManagementAnswers, MetricsText } from './management-answer.js';
export { createManagementServer, type ManagementServerOptions } from './management-server.js';
