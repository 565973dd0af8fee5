import { afterEach, describe, expect, it, vi } from 'vitest';
import { HealthSections, type SectionFailure } from './health-sections.js';

describe('HealthSections', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('collects what the sections give, at once or later', async () => {
    const sections = new HealthSections();
    sections.register('workers', () => ({ ready: 2 }));
    sections.register('ingest', () => Promise.resolve({ backlog: 0 }));
    expect(await sections.collect(({ section }) => expect.unreachable(section))).toEqual({
      workers: { ready: 2 },
      ingest: { backlog: 0 },
    });
  });

  it('gives null for a section that throws or hangs, and tells why', async () => {
    vi.useFakeTimers();
    const sections = new HealthSections();
    sections.register('throws', () => {
      throw new RangeError('broken');
    });
    sections.register('hangs', () => new Promise(() => undefined));
    sections.register('works', () => 1);
    const failures: SectionFailure[] = [];
    const collected = sections.collect((failure) => failures.push(failure));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await collected, failures]).toEqual([
      { throws: null, hangs: null, works: 1 },
      [
        { section: 'throws', error: new RangeError('broken') },
        { section: 'hangs', error: new DOMException('No answer within 1000 ms.', 'TimeoutError') },
      ],
    ]);
  });

  it.each(['details', 'workers'])('refuses the name %s when it is taken', (name) => {
    const sections = new HealthSections();
    sections.register('workers', () => ({}));
    expect(() => sections.register(name, () => ({}))).toThrow(RangeError);
  });
});
