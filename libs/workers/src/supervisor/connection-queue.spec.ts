import { describe, expect, it } from 'vitest';
import { ConnectionQueue, type ConnectionTaker } from './connection-queue.js';

class Taker implements ConnectionTaker<string> {
  readonly given: string[] = [];
  id = 0;

  give(id: number, connection: string): void {
    this.id = id;
    this.given.push(connection);
  }
}

function queueOf(count: number): { queue: ConnectionQueue<string>; takers: Taker[]; released: string[] } {
  const released: string[] = [];
  const queue = new ConnectionQueue<string>((connection) => released.push(connection));
  const takers = Array.from({ length: count }, () => new Taker());
  queue.setTakers(takers);
  return { queue, takers, released };
}

const offer = (queue: ConnectionQueue<string>, ...connections: string[]): void =>
  connections.forEach((connection) => queue.offer(connection));

describe('ConnectionQueue', () => {
  it('gives to each in turn, and lets go of what was taken', () => {
    const { queue, takers, released } = queueOf(2);
    for (const connection of ['a', 'b', 'c', 'd']) {
      queue.offer(connection);
      for (const taker of takers) queue.took(taker, taker.id);
    }
    expect(takers.map(({ given }) => given)).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ]);
    expect(released).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives nothing to one that has not taken what it was given, and goes on with the others', () => {
    const { queue, takers } = queueOf(2);
    const [stuck, well] = takers;
    offer(queue, 'a', 'b', 'c');
    queue.took(well as Taker, (well as Taker).id);
    expect([stuck?.given, well?.given, queue.waiting]).toEqual([['a'], ['b', 'c'], 0]);
  });

  it('keeps connections in their order while there is nobody', () => {
    const { queue } = queueOf(0);
    offer(queue, 'a', 'b');
    const taker = new Taker();
    queue.setTakers([taker]);
    queue.took(taker, taker.id);
    expect(taker.given).toEqual(['a', 'b']);
  });

  it('gives what a lost one had not taken to another, before all that wait', () => {
    const { queue, takers, released } = queueOf(1);
    offer(queue, 'a', 'b');
    queue.lost(takers[0] as Taker);
    const next = new Taker();
    queue.setTakers([next]);
    expect([next.given, released]).toEqual([['a'], []]);
  });

  it('leaves one that has no turn any more what it was given', () => {
    const { queue, takers, released } = queueOf(1);
    const [leaving] = takers as [Taker];
    const next = new Taker();
    offer(queue, 'a');
    queue.setTakers([next]);
    queue.took(leaving, leaving.id);
    offer(queue, 'b');
    expect([leaving.given, next.given, released]).toEqual([['a'], ['b'], ['a']]);
  });

  it('does not take the acknowledgement of an earlier connection for that of the last one', () => {
    const { queue, takers, released } = queueOf(1);
    const [taker] = takers as [Taker];
    offer(queue, 'a');
    const first = taker.id;
    queue.took(taker, first);
    offer(queue, 'b');
    queue.took(taker, first);
    expect(released).toEqual(['a']);
  });

  it('lets go of those that wait when it is dropped', () => {
    const { queue, released } = queueOf(0);
    offer(queue, 'a', 'b');
    queue.drop();
    expect([released, queue.waiting]).toEqual([['a', 'b'], 0]);
  });
});
