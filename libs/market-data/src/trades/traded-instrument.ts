import { DecimalGrid } from '../decimal/decimal-grid.js';
import type { Instrument } from '../instruments/instrument.js';

/** An instrument with the grids that its prices and sizes lie on. */
export class TradedInstrument {
  readonly instrument: Instrument;
  readonly prices: DecimalGrid;
  readonly sizes: DecimalGrid;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
    this.prices = new DecimalGrid(instrument.tickSize);
    this.sizes = new DecimalGrid(instrument.lotSize);
  }
}
