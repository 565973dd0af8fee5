import { describe, expect, it } from 'vitest';
import { installCommands, isDebian } from './install-commands.js';

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const ubuntu = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';
const mint = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n';
const fedora = 'NAME="Fedora Linux"\nID=fedora\n';
const rocky = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n';

describe('isDebian', () => {
  it.each([
    [debian, true],
    [ubuntu, true],
    [mint, true],
    [fedora, false],
    [rocky, false],
    ['', false],
  ])('reads %j', (release, expected) => {
    expect(isDebian(release)).toBe(expected);
  });
});

describe('installCommands', () => {
  it.each([
    [
      'redis-server',
      debian,
      'linux',
      ['sudo apt-get update', 'sudo apt-get install --no-install-recommends redis-server'],
    ],
    ['redis-server', fedora, 'linux', ['sudo dnf install valkey-compat-redis']],
    ['postgresql', rocky, 'linux', ['sudo dnf install postgresql-server']],
    ['influxdb', '', 'darwin', ['brew install influxdb@1', 'brew link --force influxdb@1']],
    ['redis-server', '', 'darwin', ['brew install redis']],
  ] as const)('has those for %s on %j of %s', (name, release, platform, commands) => {
    expect(installCommands(name, release, platform)).toEqual(commands);
  });
});
