export { readContainerLimits, type ContainerLimits, type ContainerMemory } from './container-limits.js';
export { type HeldMemory, readHeldMemory } from './memory.js';
