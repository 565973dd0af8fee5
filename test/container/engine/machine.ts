import { readFile } from 'node:fs/promises';
import { run, runToEnd } from './command.ts';

/** As `bookworm`; undefined where this is no Debian. */
export async function findDebianCodename(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID="?debian"?$/m.test(text)) return undefined;
  return /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1];
}

/** As `findDebianCodename`. Throws where this is no Debian. */
export async function debianCodename(): Promise<string> {
  const codename = await findDebianCodename();
  if (codename === undefined) throw new Error('This machine does not run a release of Debian');
  return codename;
}

/** How this machine's apt downloads (proxies, certificates, checks of dates), as lines of an apt.conf. */
export async function aptAcquireSettings(): Promise<string> {
  const dump = await run('apt-config', ['dump', 'Acquire']);
  return dump
    .split('\n')
    .filter((line) => /^Acquire::(?:[a-z]+::(?:Proxy|CaInfo|Verify)|Check|Retries)/i.test(line))
    .join('\n');
}

/** The registry settings of this machine's npm, as lines of an npmrc in which the bundle lies at that path. */
export async function npmSettings(bundlePath: string): Promise<string> {
  const names = ['registry', 'proxy', 'https-proxy', 'noproxy'];
  const lines = [`cafile=${bundlePath}`];
  for (const name of names) {
    // Outside of the project, whose own npmrc is in the build anyway.
    const { code, stdout } = await runToEnd('npm', ['config', 'get', name], { cwd: '/' });
    const value = stdout.trim();
    if (code === 0 && value !== '' && !['null', 'undefined'].includes(value)) lines.push(`${name}=${value}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The certificates that this machine trusts, in PEM; empty if they lie nowhere that is known. */
export async function trustedCertificates(): Promise<string> {
  const places = [
    process.env['NODE_EXTRA_CA_CERTS'],
    process.env['SSL_CERT_FILE'],
    '/etc/ssl/certs/ca-certificates.crt',
  ];
  for (const place of places) {
    const text = place === undefined ? '' : await readFile(place, 'utf8').catch(() => '');
    if (text !== '') return text;
  }
  return '';
}
