/** Lengths in seconds, by name. Each divides a day, so that all are aligned to midnight UTC. */
export const candleIntervals = {
  '1s': 1,
  '5s': 5,
  '15s': 15,
  '30s': 30,
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '30m': 1_800,
  '1h': 3_600,
  '4h': 14_400,
  '1d': 86_400,
} as const;

export type CandleInterval = keyof typeof candleIntervals;
