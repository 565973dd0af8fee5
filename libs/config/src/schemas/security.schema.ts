import type { SecurityConfig } from '../config.js';
import { developmentSecretKey } from '../development-key.js';
import { origins, proxies } from './kinds/network.js';
import { choice, integer } from './kinds/scalars.js';
import { signingKey } from './kinds/secrets.js';
import { optionalSetting, setting, type ValuesOf } from './setting.js';

const keyExample = '$(openssl rand -base64 48)';

/** The variables of tokens, origins, limits and what strangers may see. */
export const securitySettings = () => ({
  SECRET_KEY: setting(signingKey(), {
    meaning: 'Key that tokens are signed with',
    example: keyExample,
    secret: true,
    development: developmentSecretKey,
    shown: { development: 'the known key of `.env.development`, refused when `HOST` is not loopback' },
  }),
  SECRET_KEY_PREVIOUS: optionalSetting(signingKey(), {
    meaning: 'Former key, accepted for checking only, while keys rotate',
    example: keyExample,
    secret: true,
  }),
  CORS_ORIGINS: optionalSetting(origins(), {
    meaning: 'Web origins that may call the API from a browser',
    example: 'https://app.example.com,https://admin.example.com',
  }),
  RATE_LIMIT: setting(integer(0, 1_000_000), {
    meaning: 'Requests per client and minute; 0 switches the limit off',
    example: '600',
    development: '0',
    production: '600',
  }),
  TRUST_PROXY: optionalSetting(proxies(), {
    meaning: 'Proxies in front whose `X-Forwarded-For` is believed; 0 is none, as when it is unset',
    example: '10.0.0.0/8',
  }),
  HEALTH_DETAILS: setting(choice('always', 'authorized'), {
    meaning: 'Who may read `/api/v1/health/detailed`: everybody, or who has a token of scope `read`',
    example: 'authorized',
    development: 'always',
    production: 'authorized',
  }),
});

export type SecurityValues = ValuesOf<ReturnType<typeof securitySettings>>;

export const toSecurityConfig = (values: SecurityValues): SecurityConfig => ({
  secretKey: values.SECRET_KEY,
  secretKeyPrevious: values.SECRET_KEY_PREVIOUS,
  corsOrigins: values.CORS_ORIGINS ?? [],
  rateLimit: values.RATE_LIMIT,
  trustProxy: values.TRUST_PROXY === 0 ? undefined : values.TRUST_PROXY,
  healthDetails: values.HEALTH_DETAILS,
});
