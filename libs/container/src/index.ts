export { readContainerLimits, type ContainerLimits, type ContainerMemory } from './container-limits.js';
