import { RequiresDatastores } from '@app/http/nest';
import { type CandlePage, CandleQuery, InstrumentCatalogue } from '@app/market-data';
import { Controller, Get, Param, Query, UsePipes } from '@nestjs/common';
import { type CandlesQuery, candlesQuery } from './candles.requests.js';
import { requestValidation } from './request-validation.js';

/** What trades make of time. */
@Controller('candles')
@RequiresDatastores('postgres', 'influxdb')
@UsePipes(requestValidation)
export class CandlesController {
  readonly #instruments: InstrumentCatalogue;
  readonly #candles: CandleQuery;

  constructor(instruments: InstrumentCatalogue, candles: CandleQuery) {
    this.#instruments = instruments;
    this.#candles = candles;
  }

  @Get(':symbol')
  async page(
    @Param('symbol') symbol: string,
    @Query({ schema: candlesQuery }) query: CandlesQuery,
  ): Promise<CandlePage> {
    return this.#candles.page({ instrument: await this.#instruments.get(symbol), ...query });
  }
}
