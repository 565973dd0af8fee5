import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, coreErrors } from '@app/errors';
import type { ManagementAnswer, ManagementAnswers } from './management-answer.js';
import { failed, manage } from './management-routes.js';

export interface ManagementServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly answers: ManagementAnswers;
  /** Told when a function behind a path has failed; the request is answered with 500. */
  readonly failed?: (error: unknown) => void;
}

export interface ManagementServer {
  /** Throws `port_in_use`, or `configuration_invalid` for an address that cannot be had. */
  listen(): Promise<{ readonly port: number }>;
  /** Ends the server and its connections; also one that does not listen. */
  close(): Promise<void>;
}

/** A client that is slower than this to send its request is let go, in milliseconds. */
const requestTimeout = 5_000;

/** The server behind MANAGEMENT_PORT: probes of the orchestrator and metrics, with the answers passed in. */
export function createManagementServer(options: ManagementServerOptions): ManagementServer {
  const server = createServer({ requestTimeout, headersTimeout: requestTimeout }, (request, response) => {
    void answer(options, request, response);
  });
  return {
    listen: () => listen(server, options),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { answers, failed: tell }: ManagementServerOptions,
  { method = 'GET', url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let given: ManagementAnswer;
  try {
    given = await manage(answers, method, url);
  } catch (error) {
    tell?.(error);
    given = failed();
  }
  const { status, headers, body } = given;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

async function listen(server: Server, { host, port }: ManagementServerOptions): Promise<{ port: number }> {
  await new Promise<void>((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
    server.once('error', refused);
    server.listen({ host, port }, () => {
      server.off('error', refused);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return { port: address.port };
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): AppError {
  const at = `${host}:${String(port)}`;
  if (cause.code === 'EADDRINUSE') {
    return new AppError(coreErrors.port_in_use, `Another program listens on ${at} (MANAGEMENT_PORT).`, {
      data: { port },
    });
  }
  return new AppError(
    coreErrors.configuration_invalid,
    `The management port cannot be opened on ${at} (${cause.code ?? cause.message}).`,
    {
      advice:
        'Set MANAGEMENT_HOST to an address of this machine and MANAGEMENT_PORT to a port that this user may open.',
      cause,
    },
  );
}
