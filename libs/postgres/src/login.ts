import { Socket } from 'node:net';
import type { PingResult } from '@app/lifecycle';
import { Client, type ClientConfig } from 'pg';
import { askServer } from './server-question.js';

/** A connection that can be worked with, and what the server has said on it first. */
interface Opened {
  readonly client: Client;
  readonly result: PingResult;
}

/** A connection that is being opened, with the first question on it: four answers of the server, and more with TLS. */
export class Login {
  /** Rejects with the errors of pg, also when the login takes longer than `connectionTimeoutMillis`. */
  readonly opened: Promise<Opened>;
  /** Not pg's stream: with TLS that is another, which counts only what it has understood. */
  readonly #socket = new Socket();
  readonly #client: Client;

  /** @param failed Told of errors of the connection once it is open. */
  constructor(options: ClientConfig, failed: (client: Client, error: Error) => void) {
    this.#client = new Client({ ...options, stream: () => this.#socket });
    this.#client.on('error', (error: Error) => failed(this.#client, error));
    this.opened = this.#open();
  }

  /** How many bytes the server has sent so far: more than before means that it is at work. */
  get received(): number {
    return this.#socket.bytesRead;
  }

  /** Gives it up. */
  end(): void {
    this.#client.connection.stream.destroy();
  }

  async #open(): Promise<Opened> {
    await this.#client.connect();
    return { client: this.#client, result: await askServer(this.#client) };
  }
}
