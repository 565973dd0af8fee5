import { describe, expect, it } from 'vitest';
import { buildCatalogue } from '../schemas/catalogue.js';
import { findUnknownNames } from './unknown-names.js';

const names = Object.values(buildCatalogue()).flatMap((settings) => Object.keys(settings));
const examples = Object.fromEntries(names.map((name) => [name, `${name}=x`]));

const inProcess = (env: Record<string, string>): unknown =>
  findUnknownNames([{ label: 'the process environment', isFile: false, values: env }], examples);
const inFile = (env: Record<string, string>): unknown =>
  findUnknownNames([{ label: '.env.test', isFile: true, values: env }], examples);

const finding = (variable: string, suggestion: string, source = 'the process environment') => ({
  variable,
  problem: 'is not a variable of this program',
  suggestion,
  example: `${suggestion}=x`,
  source,
});

describe('findUnknownNames', () => {
  it.each([
    ['DB_POOLSIZE', 'DB_POOL_SIZE'],
    ['db_pool_size', 'DB_POOL_SIZE'],
    ['Port', 'PORT'],
    ['LOGDIR', 'LOG_DIR'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['SHUTDOWN_TIMEOUTS', 'SHUTDOWN_TIMEOUT'],
    ['WORKER_PROCESS', 'WORKER_PROCESSES'],
  ])('takes %s in the process environment for %s', (name, suggestion) => {
    expect(inProcess({ [name]: '1' })).toEqual([finding(name, suggestion)]);
  });

  it('suggests the name with _FILE where that is meant', () => {
    expect(inProcess({ SECRETKEY_FILE: '/run/secrets/key' })).toEqual([
      { ...finding('SECRETKEY_FILE', 'SECRET_KEY_FILE'), example: 'SECRET_KEY_FILE=/run/secrets/secret_key' },
    ]);
  });

  it('knows every variable with and without _FILE, of whatever category', () => {
    const both = Object.fromEntries(
      names.flatMap((name) => [
        [name, '1'],
        [`${name}_FILE`, '1'],
      ]),
    );
    expect([inProcess(both), inFile(both)]).toEqual([[], []]);
  });

  it('leaves names of less than 8 letters alone where they differ by a letter', () => {
    expect(inProcess({ PORTS: '1', HOSTS: '1', DEBUGS: '1', LOG_DIRS: '1', APP_NAM: '1' })).toEqual([]);
  });

  it('leaves a near miss without a value alone in the process environment', () => {
    expect(inProcess({ DB_POOLSIZE: '' })).toEqual([]);
  });

  it('leaves what shells, npm, Docker, Kubernetes, clouds and build servers set alone', () => {
    const shells =
      'HOME PATH PWD OLDPWD SHELL SHLVL USER USERNAME LOGNAME HOSTNAME HOSTTYPE MACHTYPE OSTYPE HISTFILE HISTSIZE HISTFILESIZE HISTCONTROL ' +
      'TERM TERMINFO LANG LANGUAGE LC_ALL MAIL EDITOR PAGER TMPDIR TZ DISPLAY COLUMNS LINES PROFILE ENV BASH_ENV PS1 INPUTRC LESSHISTFILE _';
    const node =
      'NODE NODE_PATH NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_VERSION NODE_HOME NVM_DIR INIT_CWD COLOR npm_config_cache npm_package_name ' +
      'npm_lifecycle_event NPM_CONFIG_PREFIX npm_config_loglevel YARN_VERSION CI VITEST TEST DEBUG_COLORS FORCE_COLOR';
    const clouds =
      'AWS_PROFILE AWS_REGION AWS_SECRET_ACCESS_KEY KUBECONFIG GITHUB_ACTIONS GITHUB_ENV GITHUB_PATH RUNNER_NAME GITLAB_CI BUILD_NUMBER DOCKER_HOST ' +
      'HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy SSL_CERT_FILE SSH_AUTH_SOCK XDG_RUNTIME_DIR POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB PGPASSFILE ' +
      'REDIS_HOST REDIS_PASSWORD INFLUXDB_DB INFLUXDB_USER INFLUXDB_ADMIN_USER INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID NOTIFY_SOCKET';
    const values = Object.fromEntries(
      `${shells} ${node} ${clouds}`.split(' ').map((name) => [name, 'value']),
    );
    const kubernetes = {
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      MANAGMENT_PORT: 'tcp://10.0.0.2:8001',
      REDIS_PORT_6379_TCP: 'tcp://10.0.0.1:6379',
      REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
      REDIS_SERVICE_HOST: '10.0.0.1',
      REDIS_SERVICE_PORT: '6379',
      REDIS_SERVICE_PORT_REDIS: '6379',
    };
    expect(inProcess({ ...values, ...kubernetes })).toEqual([]);
  });

  it('names every unknown name in a file, with a suggestion where one is near', () => {
    expect(inFile({ HOME: '/root', DB_POOLSIZE: '', REDISURL: 'x' })).toEqual([
      { variable: 'HOME', problem: 'is not a variable of this program', source: '.env.test' },
      finding('DB_POOLSIZE', 'DB_POOL_SIZE', '.env.test'),
      finding('REDISURL', 'REDIS_URL', '.env.test'),
    ]);
  });
});
