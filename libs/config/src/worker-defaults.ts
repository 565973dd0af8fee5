/** How many workers there are by default, and what they leave free; apart from the schemas, for readers without Joi. */
export const workerDefaults = {
  development: { WORKER_PROCESSES: '1', MEMORY_HEADROOM_PERCENT: '25' },
  production: { WORKER_PROCESSES: 'auto', MEMORY_HEADROOM_PERCENT: '25' },
} as const;
