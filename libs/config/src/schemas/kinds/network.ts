import { isIP } from 'node:net';
import { kind, Refusal, type Kind } from './kind.js';
import { splitList } from './lists.js';
import { quote } from './quote.js';

const hostName = /^(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*\.?$/i;

/** An address or a host name to listen on. */
export const address = (): Kind<string> =>
  kind('an address or a host name without scheme and port', (given) =>
    isIP(given) !== 0 || (hostName.test(given) && !/^[\d.]+$/.test(given)) ? given : new Refusal(),
  );

/** Whether only this machine reaches the address. */
export const isLoopback = (host: string): boolean =>
  host === '::1' || host.toLowerCase() === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));

function readOrigin(given: string): string | Refusal {
  if (given === '*') {
    return new Refusal('opens the API to every web site with *; name each origin that may call it');
  }
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return new Refusal(`names ${quote(given)}, which is not an origin such as https://app.example.com`);
  }
  return url.origin === given
    ? given
    : new Refusal(`names ${quote(given)}, but an origin is only scheme, host and port`, url.origin);
}

/** A list of web origins as browsers send them. */
export const origins = (): Kind<readonly string[]> =>
  kind('a list of origins such as https://app.example.com', (given) => {
    const read = splitList(given).map(readOrigin);
    return read.find((one) => one instanceof Refusal) ?? read.filter((one) => typeof one === 'string');
  });

function isNetwork(given: string): boolean {
  const [ip = '', prefix, ...rest] = given.split('/');
  const version = isIP(ip);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

/** How many proxies stand in front, or the networks that they have their addresses in. */
export const proxies = (): Kind<number | readonly string[]> =>
  kind('a number of hops from 0 to 32, or a list of networks such as 10.0.0.0/8', (given) => {
    if (/^\d+$/.test(given)) return Number(given) <= 32 ? Number(given) : new Refusal();
    const networks = splitList(given);
    const wrong = networks.find((network) => !isNetwork(network));
    if (networks.length === 0) return new Refusal();
    return wrong === undefined
      ? networks
      : new Refusal(`names ${quote(wrong)}, which is not a network in CIDR notation such as 10.0.0.0/8`);
  });
