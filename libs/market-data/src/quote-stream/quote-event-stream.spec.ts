import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { waitFor } from '@app/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { QuoteEventStream } from './quote-event-stream.js';
import { eventOf as event, quoteOf as quote } from './quotes.fixture.js';

const opening = 'retry: 2000\n\n';
const streams: QuoteEventStream[] = [];

function eventStream(seen: Record<string, string> = {}, heartbeatMs = 60_000): QuoteEventStream {
  const stream = new QuoteEventStream(new Map(Object.entries(seen)), heartbeatMs);
  streams.push(stream);
  return stream;
}

describe('QuoteEventStream', () => {
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.destroy();
  });

  it('sends each new quote once', async () => {
    const stream = eventStream({ A: '3-0' });
    const sent = text(stream);
    stream.offer(quote('A', '3-0'));
    stream.offer(quote('A', '2-5'));
    stream.offer(quote('A', '3-1'));
    await waitFor(() => stream.readableLength === 0);
    stream.offer(quote('A', '3-1'));
    stream.offer(quote('B', '1-0'));
    await waitFor(() => stream.readableLength === 0);
    stream.finish();
    expect(await sent).toBe(opening + event('A', '3-1') + event('B', '1-0'));
  });

  it('keeps the newest quote of each symbol for a client that does not read, and sends them in their order', async () => {
    const stream = eventStream();
    stream.read();
    let updates = 0;
    const next = () => `5-${String((updates += 1))}`;
    // Until its buffer is full, and then many more.
    for (let round = 0; round < 10_000; round += 1) stream.offer(quote('A', next()));
    const buffered = stream.readableLength;
    expect(buffered).toBeLessThan(20_000);
    for (const symbol of ['B', 'A', 'C', 'B']) stream.offer(quote(symbol, next()));
    expect(stream.readableLength).toBe(buffered);

    let sent = '';
    stream.on('data', (chunk: Buffer) => (sent += chunk.toString()));
    await waitFor(
      () => sent.endsWith('\n\n') && stream.readableLength === 0 && sent.includes('id: 5-10004\n'),
    );
    expect(sent.slice(-3 * event('A', '5-10002').length)).toBe(
      event('A', '5-10002') + event('C', '5-10003') + event('B', '5-10004'),
    );
  });

  it('sends comments to a client that reads, so that it knows that the stream lives', async () => {
    const stream = eventStream({}, 10);
    let sent = '';
    stream.on('data', (chunk: Buffer) => (sent += chunk.toString()));
    await waitFor(() => sent.length > opening.length + 6);
    expect(sent).toMatch(/^retry: 2000\n\n(:\n\n)+$/);
  });

  it('sends no comments to a client that does not read', async () => {
    const stream = eventStream({}, 10);
    stream.read();
    for (let update = 0; update < 1_000; update += 1) stream.offer(quote('A', `5-${String(update)}`));
    const { readableLength } = stream;
    const other = eventStream({}, 10);
    await waitFor(() => other.readableLength > opening.length + 6);
    expect(stream.readableLength).toBe(readableLength);
  });

  it('ends after what is on its way', async () => {
    const stream = eventStream();
    const sent = text(stream);
    await waitFor(() => stream.readableLength === 0);
    stream.offer(quote('A', '1-0'));
    stream.finish();
    stream.offer(quote('A', '2-0'));
    expect(await sent).toBe(opening + event('A', '1-0'));
  });

  it('cuts off a client that does not read the end', async () => {
    const stream = eventStream();
    stream.finish();
    await once(stream, 'close');
    expect(stream.readableEnded).toBe(false);
  });
});
