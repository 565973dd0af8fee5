const debianFamily = /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m;
const fedoraFamily = /^ID(_LIKE)?=.*\b(fedora|rhel)\b/m;

interface Names {
  readonly fedora: string;
  readonly brew: string;
}

/** What the package is called elsewhere, by its name in Debian. */
const elsewhere: Readonly<Record<string, Names>> = {
  postgresql: { fedora: 'postgresql-server', brew: 'postgresql' },
  'redis-server': { fedora: 'valkey-compat-redis', brew: 'redis' },
  influxdb: {
    // Fedora has none; this is the last version 1.8 of its maker.
    fedora: 'https://dl.influxdata.com/influxdb/releases/influxdb-1.8.10.x86_64.rpm',
    brew: 'influxdb@1',
  },
  'victoria-metrics': { fedora: 'victoria-metrics', brew: 'victoriametrics' },
};

/** Whether a system is Debian or one of its descendants, such as Ubuntu. @param release The text of /etc/os-release. */
export function isDebian(release: string): boolean {
  return debianFamily.test(release);
}

/**
 * The commands that install a server, one by one.
 * @param release The text of /etc/os-release; empty where there is none.
 */
export function installCommands(
  debianPackage: string,
  release: string,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const names = elsewhere[debianPackage] ?? { fedora: debianPackage, brew: debianPackage };
  if (platform === 'darwin') {
    // A formula of an older version is not linked by itself.
    const link = names.brew.includes('@') ? [`brew link --force ${names.brew}`] : [];
    return [`brew install ${names.brew}`, ...link];
  }
  if (fedoraFamily.test(release)) return [`sudo dnf install ${names.fedora}`];
  return ['sudo apt-get update', `sudo apt-get install --no-install-recommends ${debianPackage}`];
}
