import { defineErrors, exitCodes } from '@app/errors';

/** The codes of the commands. */
export const cliErrors = defineErrors({
  import_file_unusable: {
    kind: 'invalid',
    title: 'The file of trades cannot be used',
    advice: 'Give a CSV file whose first line is symbol,timestamp,price,size,trade_id.',
    exitCode: exitCodes.failed,
  },
  malformed_row: {
    kind: 'invalid',
    title: 'A row of the file is no trade',
    advice: 'Give the row as many fields as the first line has.',
  },
  import_refused: {
    kind: 'invalid',
    title: 'The API refuses the trades',
    advice: 'Mend the cause, then go on from the line that is named.',
    exitCode: exitCodes.failed,
  },
  import_gave_up: {
    kind: 'unavailable',
    title: 'The API did not take the trades in time',
    advice: 'Once the API works again, go on from the line that is named.',
    exitCode: exitCodes.unavailable,
  },
});
