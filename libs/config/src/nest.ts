export { CONFIG, ConfigModule } from './config.module.js';
