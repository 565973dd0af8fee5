export { BootstrapModule } from './bootstrap.module.js';
export { closeNest } from './closing-failures.js';
export { createApplication, type ReadyApplication } from './nest-application.js';
