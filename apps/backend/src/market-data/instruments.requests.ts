import {
  type InstrumentStatus,
  instrumentChangesSchema,
  instrumentSchema,
  instrumentStatuses,
} from '@app/market-data';
import Joi from 'joi';

/** The query of `GET /instruments`. */
export interface InstrumentListQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly status?: InstrumentStatus;
}

export const instrumentListQuery = Joi.object<InstrumentListQuery, true>({
  limit: Joi.number().integer().min(1).max(1_000).default(100),
  cursor: Joi.string(),
  status: Joi.string().valid(...instrumentStatuses),
});

export const newInstrumentBody = instrumentSchema.required().label('the body');
export const instrumentChangesBody = instrumentChangesSchema.required().label('the body');
