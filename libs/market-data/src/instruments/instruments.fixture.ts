import type { Instrument } from './instrument.js';

function instrument(
  symbol: string,
  name: string,
  assetClass: string,
  currency: string,
  tickSize: string,
  lotSize: string,
): Instrument {
  return { symbol, name, assetClass, currency, tickSize, lotSize, status: 'active' };
}

/** Instruments of several kinds. */
export const exampleInstruments: readonly Instrument[] = [
  instrument('EUR-USD', 'Euro / US dollar', 'fx', 'USD', '0.00001', '1'),
  instrument('USD-JPY', 'US dollar / Japanese yen', 'fx', 'JPY', '0.001', '1'),
  instrument('XAU-USD', 'Gold, troy ounce / US dollar', 'commodity', 'USD', '0.01', '0.01'),
  instrument('BTC-USD', 'Bitcoin / US dollar', 'crypto', 'USD', '0.01', '0.00000001'),
  instrument('ACME', 'Acme Corporation', 'equity', 'USD', '0.01', '1'),
];
