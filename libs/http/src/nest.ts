export { AcceptGuard } from './accept.guard.js';
export { configureHttp, type HttpOptions } from './configure-http.js';
export { DatastoreGuard } from './datastore.guard.js';
export { createFastifyAdapter, type FastifyAdapterOptions } from './fastify-adapter.js';
export { ProblemFilter } from './problem.filter.js';
export { Produces } from './produces.decorator.js';
export { RequiresDatastores, RequiresWritableDatastores } from './requires-datastores.decorator.js';
