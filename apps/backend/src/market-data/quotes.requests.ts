import Joi from 'joi';

/** The query of `GET /quotes` and `GET /quotes/stream`: different symbols in the order that was asked for. */
export interface SymbolsQuery {
  readonly symbols: readonly string[];
}

const mostSymbols = 100;

export const symbolsQuery = Joi.object<SymbolsQuery>({
  symbols: Joi.string()
    .required()
    .custom((value: string, helpers) => {
      const symbols = [...new Set(value.split(',').map((symbol) => symbol.trim()))];
      return symbols.includes('') || symbols.length > mostSymbols ? helpers.error('symbols') : symbols;
    })
    .messages({
      symbols: `{#label} must be 1 to ${String(mostSymbols)} symbols with commas between them, such as "EUR-USD,USD-JPY"`,
    }),
});
