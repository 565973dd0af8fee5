import Joi from 'joi';
import { type Instrument, type InstrumentChanges, instrumentStatuses, isSymbol } from './instrument.js';

/** Up to 15 digits before the point and 18 behind it: what a trade's whole numbers of ticks and lots can carry. */
const sizePattern = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?$/;

const text = (longest: number): Joi.StringSchema =>
  Joi.string()
    .trim()
    .max(longest)
    .pattern(/^[^\p{Cc}\p{Cs}]+$/u)
    .messages({ 'string.pattern.base': '{#label} has characters that cannot be printed' });

const symbol = Joi.string()
  .custom((value: string, helpers) => (isSymbol(value) ? value : helpers.error('symbol')))
  .messages({
    symbol: '{#label} must be 1 to 32 of A-Z, 0-9, dot, underscore and hyphen, the first a letter or digit',
  });

const size = Joi.string()
  .custom((value: string, helpers) =>
    sizePattern.test(value) && /[1-9]/.test(value) ? canonicalDecimal(value) : helpers.error('size'),
  )
  .messages({
    size: '{#label} must be a decimal string above 0 such as "0.01", with at most 15 digits before the point and 18 behind it',
  });

const currency = Joi.string()
  .pattern(/^[A-Z0-9]{2,16}$/)
  .messages({ 'string.pattern.base': '{#label} must be 2 to 16 of A-Z and 0-9, such as "USD"' });

const status = Joi.string().valid(...instrumentStatuses);

/** A decimal without zeros at the end of its fraction. */
export function canonicalDecimal(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** A new instrument; it is active unless it says otherwise. */
export const instrumentSchema = Joi.object<Instrument, true>({
  symbol: symbol.required(),
  name: text(200).required(),
  assetClass: text(64).required(),
  currency: currency.required(),
  tickSize: size.required(),
  lotSize: size.required(),
  status: status.default('active'),
});

/** Changes of an instrument: at least one. */
export const instrumentChangesSchema = Joi.object<InstrumentChanges, true>({
  name: text(200),
  assetClass: text(64),
  currency,
  tickSize: size,
  lotSize: size,
  status,
})
  .min(1)
  .messages({ 'object.min': 'at least one field must be changed' });

/** The content of a seed file: instruments with different symbols. */
export const instrumentSeedSchema = Joi.array<Instrument[]>()
  .items(instrumentSchema)
  .unique('symbol')
  .required()
  .messages({ 'array.unique': '{#label} has the symbol of an earlier one' });
