import type { AddressInfo, Server } from 'node:net';
import { AppError, coreErrors } from '@app/errors';

export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The variables that host and port come from, for the error. */
  readonly variables: { readonly host: string; readonly port: string };
}

/** Listens and returns the port. Throws `port_in_use`, or `configuration_invalid` for an address that cannot be had. */
export async function listen(server: Server, address: ListenAddress): Promise<number> {
  const { host, port } = address;
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, address));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

function listenError(cause: NodeJS.ErrnoException, { host, port, variables }: ListenAddress): AppError {
  const at = `${host}:${String(port)}`;
  if (cause.code === 'EADDRINUSE') {
    return new AppError(coreErrors.port_in_use, `Another program listens on ${at} (${variables.port}).`, {
      advice: `Stop the other program, or set ${variables.port} to another port.`,
      data: { port },
    });
  }
  const why = cause.code ?? cause.message;
  return new AppError(coreErrors.configuration_invalid, `The service cannot listen on ${at} (${why}).`, {
    advice: `Set ${variables.host} to an address of this machine and ${variables.port} to a port that this user may open.`,
    cause,
  });
}
