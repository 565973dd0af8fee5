import { MarketDataModule } from '@app/market-data/nest';
import { Module } from '@nestjs/common';
import { CandlesController } from './candles.controller.js';
import { InstrumentsController } from './instruments.controller.js';
import { QuotesController } from './quotes.controller.js';
import { TicksController } from './ticks.controller.js';

/** The calls of market data. */
@Module({
  imports: [MarketDataModule],
  controllers: [InstrumentsController, TicksController, QuotesController, CandlesController],
})
export class MarketDataApiModule {}
