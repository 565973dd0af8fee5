import type { Server } from 'node:net';
import type { AppConfig } from '@app/config';
import { listen } from './listen.js';

/** Where a service is reached, as URLs. */
export interface ServiceAddresses {
  readonly api: string;
  readonly management: string;
}

/**
 * Opens the two ports of a service: first that of its API, then that of its management. Throws `port_in_use`, or
 * `configuration_invalid` for an address that cannot be had.
 */
export async function openPorts(
  { api, management }: Readonly<Record<keyof ServiceAddresses, Server>>,
  {
    host,
    port,
    managementHost,
    managementPort,
  }: Pick<AppConfig, 'host' | 'port' | 'managementHost' | 'managementPort'>,
): Promise<ServiceAddresses> {
  const variables = { host: 'HOST', port: 'PORT' };
  const apiPort = await listen(api, { host, port, variables });
  const opened = await listen(management, {
    host: managementHost,
    port: managementPort,
    variables: { host: 'MANAGEMENT_HOST', port: 'MANAGEMENT_PORT' },
  });
  return {
    api: `http://${host}:${String(apiPort)}`,
    management: `http://${managementHost}:${String(opened)}`,
  };
}

/** As the log tells it. */
export const listeningText = ({ api, management }: ServiceAddresses): string =>
  `listening on ${api}, management on ${management}`;
