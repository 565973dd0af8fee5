import { describe, expect, it } from 'vitest';
import { type DeathCircumstances, deathReason } from './death-reason.js';
import type { WorkerEnd } from './worker-channel.js';

const killed: WorkerEnd = { code: null, signal: 'SIGKILL' };
const alone: DeathCircumstances = { killed: false, served: true, outOfMemory: false };

describe('deathReason', () => {
  it.each<[string, WorkerEnd, Partial<DeathCircumstances>]>([
    ['exit', { code: 70, signal: null }, {}],
    ['aborted', { code: null, signal: 'SIGABRT' }, {}],
    ['aborted', { code: 134, signal: null }, {}],
    ['signal', { code: null, signal: 'SIGSEGV' }, {}],
    ['signal', killed, {}],
    ['signal', killed, { outOfMemory: undefined }],
    ['out_of_memory', killed, { outOfMemory: true }],
    ['stuck', killed, { killed: true, outOfMemory: true }],
    ['late', killed, { killed: true, served: false }],
    ['not_started', { code: null, signal: null, error: new Error('spawn EAGAIN') }, { served: false }],
  ])('is %s for %j with %j', (expected, end, circumstances) => {
    expect(deathReason(end, { ...alone, ...circumstances })).toBe(expected);
  });
});
