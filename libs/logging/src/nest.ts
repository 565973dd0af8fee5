export { LOGGER, LoggingModule } from './logging.module.js';
export { NestLogger } from './nest-logger.js';
