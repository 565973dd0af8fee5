export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Reads server-sent events, as a browser's EventSource does. */
export class EventClient {
  readonly headers: Readonly<Record<string, string>>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #connection: AbortController;
  #text = '';

  private constructor(
    headers: Headers,
    reader: ReadableStreamDefaultReader<string>,
    connection: AbortController,
  ) {
    this.headers = Object.fromEntries(headers);
    this.#reader = reader;
    this.#connection = connection;
  }

  /** Throws an Error when the answer is no stream. */
  static async connect(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
    const connection = new AbortController();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: connection.signal,
    });
    if (response.status !== 200 || response.body === null) throw new Error(await response.text());
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    return new EventClient(response.headers, reader, connection);
  }

  /** The first events, as soon as so many have come. */
  async events(count: number): Promise<readonly ServerSentEvent[]> {
    while (this.#events().length < count) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`The stream ended after ${JSON.stringify(this.#text)}.`);
      this.#text += value;
    }
    return this.#events();
  }

  /** Resolves when the server has ended the stream. */
  async ended(): Promise<void> {
    while (!(await this.#reader.read()).done);
  }

  close(): void {
    this.#connection.abort();
  }

  #events(): readonly ServerSentEvent[] {
    const found = this.#text.matchAll(/^id: (.*)\nevent: (.*)\ndata: (.*)\n\n/gm);
    return [...found].map(([, id = '', event = '', data = '']) => ({
      id,
      event,
      data: JSON.parse(data) as unknown,
    }));
  }
}
