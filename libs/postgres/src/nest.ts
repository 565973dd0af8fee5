export { PostgresModule } from './postgres.module.js';
