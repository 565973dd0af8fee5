import { developmentSecretKey } from '../development-key.js';
import { isLoopback } from '../schemas/kinds/network.js';
import { crossCheck, type CrossCheck, type Problem } from './cross-check.js';

const replace = (name: string, problem: string): Problem => ({
  problem,
  example: `${name}=$(openssl rand -base64 48)`,
});

const knownKey = 'is the key of .env.development, which anyone can read';

/** Rules about the keys that tokens are signed with. */
export const keyRules: readonly CrossCheck[] = [
  ...(['SECRET_KEY', 'SECRET_KEY_PREVIOUS'] as const).flatMap((name) => [
    crossCheck({
      severity: 'mistake',
      rule: `\`${name}\` is not the development key in production.`,
      variables: [name],
      find: (values, environment) =>
        environment === 'production' && values[name] === developmentSecretKey && replace(name, knownKey),
    }),
    crossCheck({
      severity: 'mistake',
      rule: `\`${name}\` is not the development key where \`HOST\` is not loopback.`,
      variables: [name, 'HOST'],
      find: (values, environment) =>
        environment !== 'production' &&
        values[name] === developmentSecretKey &&
        !isLoopback(values.HOST) &&
        replace(name, `${knownKey}, while HOST lets other machines in`),
    }),
  ]),
  crossCheck({
    severity: 'warning',
    rule: '`SECRET_KEY_PREVIOUS` differs from `SECRET_KEY`.',
    variables: ['SECRET_KEY_PREVIOUS', 'SECRET_KEY'],
    find: ({ SECRET_KEY_PREVIOUS: previous, SECRET_KEY: key }) =>
      previous === key &&
      replace('SECRET_KEY', 'is the same as SECRET_KEY, so that tokens of the former key are refused'),
  }),
];
