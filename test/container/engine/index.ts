export type { Engine, EngineAccess, ImageNames, NoEngine } from './engine.ts';
export { openEngine } from './open-engine.ts';
