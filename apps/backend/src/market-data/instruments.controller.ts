import { RequireScope } from '@app/auth/nest';
import { RequiresDatastores, RequiresWritableDatastores } from '@app/http/nest';
import {
  type Instrument,
  InstrumentCatalogue,
  type InstrumentChanges,
  type InstrumentPage,
} from '@app/market-data';
import { Body, Controller, Get, Param, Patch, Post, Query, Req, Res, UsePipes } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  instrumentChangesBody,
  type InstrumentListQuery,
  instrumentListQuery,
  newInstrumentBody,
} from './instruments.requests.js';
import { requestValidation } from './request-validation.js';

/** Reference data. */
@Controller('instruments')
@RequiresDatastores('postgres')
@UsePipes(requestValidation)
export class InstrumentsController {
  readonly #catalogue: InstrumentCatalogue;

  constructor(catalogue: InstrumentCatalogue) {
    this.#catalogue = catalogue;
  }

  @Post()
  @RequireScope('write')
  @RequiresWritableDatastores('postgres')
  async create(
    @Body({ schema: newInstrumentBody }) body: Instrument,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Instrument> {
    const instrument = await this.#catalogue.create(body);
    const [path = ''] = request.url.split('?');
    reply.header('location', `${path.replace(/\/$/, '')}/${instrument.symbol}`);
    return instrument;
  }

  @Get()
  list(@Query({ schema: instrumentListQuery }) query: InstrumentListQuery): Promise<InstrumentPage> {
    return this.#catalogue.list(query);
  }

  @Get(':symbol')
  get(@Param('symbol') symbol: string): Promise<Instrument> {
    return this.#catalogue.get(symbol);
  }

  @Patch(':symbol')
  @RequireScope('write')
  @RequiresWritableDatastores('postgres')
  update(
    @Param('symbol') symbol: string,
    @Body({ schema: instrumentChangesBody }) changes: InstrumentChanges,
  ): Promise<Instrument> {
    return this.#catalogue.update(symbol, changes);
  }
}
