import { describe, expect, it } from 'vitest';
import { requestIdFrom } from './request-id.js';

describe('requestIdFrom', () => {
  it.each(['a', 'A-b_c.9', 'x'.repeat(64)])('takes %j', (id) => {
    expect(requestIdFrom(id, () => 'new')).toBe(id);
  });

  it.each([undefined, '', 'x'.repeat(65), 'two words', 'a\nb', 'ä', '<script>', ['a', 'b']])(
    'gives a new one for %j',
    (header) => {
      expect(requestIdFrom(header, () => 'new')).toBe('new');
    },
  );

  it('gives a UUID', () => {
    expect(requestIdFrom(undefined)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
