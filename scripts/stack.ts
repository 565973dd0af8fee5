// The Compose stacks: `node scripts/stack.ts dev|prod|logs|down [arguments of docker compose]`.
import { root } from './sources.ts';
import { checkCompose, commonFile, compose, composeOutput, filesOf } from './stack/compose.ts';
import { prepareLogFolder } from './stack/log-folder.ts';
import { checkSecrets, makeDevelopmentKey, makeMissingSecrets, secretsFolder } from './stack/secret-files.ts';
import { StackError } from './stack/stack-error.ts';

/** Longer than the first start of every server on a slow machine. */
const waitSeconds = '300';

/** Starts a stack and waits until it serves. */
function up(stack: 'dev' | 'prod', args: readonly string[]): number {
  const warning = prepareLogFolder(`${root}/logs`);
  if (warning !== undefined) console.error(warning);
  const files = filesOf(stack);
  const code = compose(files, ['up', '--detach', '--wait', '--wait-timeout', waitSeconds, ...args]);
  if (code !== 0) {
    console.error('\nThe stack did not come up. What its programs said last:\n');
    compose(files, ['logs', '--tail', '20', 'db-init', 'backend']);
    console.error('\nAll of it: npm run stack:logs. What is up of it ends by: npm run stack:down');
    return 1;
  }
  const [, port = '8000'] = /:(\d+)$/m.exec(composeOutput(files, ['port', 'backend', '8000'])) ?? [];
  const api = `http://127.0.0.1:${port}/api/v1`;
  console.log(`\nready: API ${api}, health ${api}/health, logs in ./logs and by: npm run stack:logs`);
  console.log('A token: cd docker && docker compose exec backend token --scope write');
  return 0;
}

function production(args: readonly string[]): number {
  if (args.includes('--init-secrets')) {
    const made = makeMissingSecrets(secretsFolder);
    console.log(made.length === 0 ? 'No secret is missing.' : `Made in docker/secrets: ${made.join(', ')}.`);
  }
  checkSecrets(secretsFolder);
  const rest = args.filter((argument) => argument !== '--init-secrets');
  // An image that is named was built elsewhere, unless it is asked for.
  const build = !process.env['BACKEND_IMAGE'] || rest.includes('--build');
  return up('prod', [build ? '--build' : '--no-build', ...rest]);
}

function development(args: readonly string[]): number {
  if (makeDevelopmentKey(secretsFolder))
    console.log('Made docker/secrets/development/secret_key, a random SECRET_KEY.');
  return up('dev', ['--build', ...args]);
}

const nothingUp = `No stack is up. The volumes of one that has ended are removed by
  docker compose -f docker/compose.yaml -f docker/compose.dev.yaml down --volumes
and for production with compose.prod.yaml instead.`;

/** By the files with which the stack was started, so that `--volumes` removes its volumes and not the other's. */
function down(args: readonly string[]): number {
  const label = '{{.Label "com.docker.compose.project.config_files"}}';
  const [files] = composeOutput([commonFile], ['ps', '--all', '--format', label]).split('\n');
  if (!files) console.log(nothingUp);
  return compose(files ? files.split(',') : [commonFile], ['down', '--remove-orphans', ...args]);
}

const commands: Readonly<Record<string, (args: readonly string[]) => number>> = {
  dev: development,
  prod: production,
  logs: (args) => compose([commonFile], ['logs', '--follow', ...args]),
  down,
};

const [name = '', ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (command === undefined) throw new StackError(64, `Name one of: ${Object.keys(commands).join(', ')}.`);
  checkCompose();
  process.exitCode = command(args);
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
