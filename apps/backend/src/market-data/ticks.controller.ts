import { RequireScope } from '@app/auth/nest';
import { RequiresWritableDatastores } from '@app/http/nest';
import { Lifecycle } from '@app/lifecycle';
import { type IntakeResult, TradeIntake } from '@app/market-data';
import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ticksOf } from './ticks.request.js';

/** Takes trades in. PostgreSQL is not required: known instruments take trades while it is away. */
@Controller('ticks')
export class TicksController {
  readonly #intake: TradeIntake;
  readonly #lifecycle: Lifecycle;

  constructor(intake: TradeIntake, lifecycle: Lifecycle) {
    this.#intake = intake;
    this.#lifecycle = lifecycle;
  }

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScope('write')
  @RequiresWritableDatastores('redis')
  accept(@Body() body: unknown): Promise<IntakeResult> {
    return this.#intake.accept(ticksOf(body), this.#lifecycle.clock.now());
  }
}
