import type { CrossCheck } from './cross-check.js';
import { datastoreRules } from './datastore-rules.js';
import { keyRules } from './key-rules.js';
import { processRules } from './process-rules.js';

/** All rules over several variables. */
export const crossChecks: readonly CrossCheck[] = [...processRules, ...keyRules, ...datastoreRules];
