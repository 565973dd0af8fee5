const ports = { PORT: '8000', MANAGEMENT_PORT: '8001' } as const;

/** Where the servers listen by default; apart from the schemas, for readers that must do without Joi. */
export const listenDefaults = {
  development: { HOST: '127.0.0.1', MANAGEMENT_HOST: '127.0.0.1', ...ports },
  production: { HOST: '0.0.0.0', MANAGEMENT_HOST: '0.0.0.0', ...ports },
} as const;
