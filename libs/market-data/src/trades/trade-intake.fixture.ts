import type { DatastoreStates } from '@app/lifecycle';
import type { RedisClient } from '@app/redis';
import type { Instrument } from '../instruments/instrument.js';
import { DurabilityGate } from './durability-gate.js';
import { TradeIntake } from './trade-intake.js';
import { TradeLog } from './trade-log.js';

export const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function instrument(symbol: string, changes: Partial<Instrument> = {}): Instrument {
  const fixed = { name: symbol, assetClass: 'fx', currency: 'USD', status: 'active' as const };
  return { symbol, ...fixed, tickSize: '0.01', lotSize: '0.5', ...changes };
}

const instruments = new Map(
  [
    instrument('A'),
    instrument('B', { tickSize: '0.00001', lotSize: '1' }),
    instrument('H', { status: 'halted' }),
  ].map((known) => [known.symbol, known]),
);

export interface IntakeOptions {
  readonly maxBacklog?: number;
  readonly durability?: 'aof' | 'memory';
}

/** An intake that knows the instruments A, B and H, which is halted. */
export function intakeOn(
  redis: RedisClient,
  states: DatastoreStates,
  options: IntakeOptions = {},
): TradeIntake {
  const { maxBacklog = 1_000_000, durability = 'aof' } = options;
  const forTrades = (symbols: ReadonlySet<string>): Promise<ReadonlyMap<string, Instrument>> =>
    Promise.resolve(new Map([...instruments].filter(([symbol]) => symbols.has(symbol))));
  return new TradeIntake(
    { forTrades },
    new TradeLog(redis, maxBacklog),
    new DurabilityGate(durability, states),
  );
}

/** A trade as a client sends it, right unless changed. */
export function tick(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    symbol: 'A',
    price: '1.50',
    size: 2,
    timestamp: '2026-01-02T03:00:00Z',
    tradeId: 't1',
    side: 'buy',
    ...changes,
  };
}
