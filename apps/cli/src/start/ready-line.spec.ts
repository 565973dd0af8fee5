import { describe, expect, it } from 'vitest';
import { readyLine } from './ready-line.js';

describe('readyLine', () => {
  it.each([
    [
      { host: '127.0.0.1', port: 8000, managementHost: '127.0.0.1', managementPort: 8001 },
      'ready: API http://127.0.0.1:8000/api/v1, health http://127.0.0.1:8000/api/v1/health, ' +
        'management http://127.0.0.1:8001',
    ],
    [
      { host: '0.0.0.0', port: 80, managementHost: '::1', managementPort: 8001 },
      'ready: API http://127.0.0.1:80/api/v1, health http://127.0.0.1:80/api/v1/health, management http://[::1]:8001',
    ],
  ])('of %j', (addresses, line) => {
    expect(readyLine(addresses)).toBe(line);
  });
});
