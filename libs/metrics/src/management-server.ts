import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ManagementAnswer, ManagementAnswers } from './management-answer.js';
import { failed, manage } from './management-routes.js';

export interface ManagementServerOptions {
  readonly answers: ManagementAnswers;
  /** Told when a function behind a path has failed; the request is answered with 500. */
  readonly failed?: (error: unknown) => void;
}

/** A client that is slower than this to send its request is let go, in milliseconds. */
const requestTimeout = 5_000;

/** The server behind MANAGEMENT_PORT, not listening yet: probes of the orchestrator and metrics, with the answers passed in. */
export function createManagementServer(options: ManagementServerOptions): Server {
  return createServer({ requestTimeout, headersTimeout: requestTimeout }, (request, response) => {
    void answer(options, request, response);
  });
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
