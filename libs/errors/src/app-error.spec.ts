import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.js';
import { DatastoreError } from './datastore-error.js';
import { defineErrors } from './error-definition.js';

const errors = defineErrors({
  kettle_empty: { kind: 'conflict', title: 'The kettle is empty', advice: 'Fill it.' },
});

class KettleError extends AppError {}

describe('AppError', () => {
  it('says what is wrong and what to do', () => {
    const cause = new Error('dry');
    const error = new KettleError(errors.kettle_empty, 'The kettle in room 3 is empty.', {
      data: { room: 3 },
      cause,
    });
    const { name, message, code, detail, advice, data, definition } = error;
    expect({ name, message, code, detail, advice, data, definition, cause: error.cause }).toEqual({
      name: 'KettleError',
      message: 'The kettle in room 3 is empty. Fill it.',
      code: 'kettle_empty',
      detail: 'The kettle in room 3 is empty.',
      advice: 'Fill it.',
      data: { room: 3 },
      cause,
      definition: {
        code: 'kettle_empty',
        kind: 'conflict',
        title: 'The kettle is empty',
        advice: 'Fill it.',
      },
    });
  });

  it('takes advice that is more exact than the general one', () => {
    const error = new AppError(errors.kettle_empty, 'It is empty.', { advice: 'Fill it with 2 l.' });
    expect(error.message).toBe('It is empty. Fill it with 2 l.');
  });
});

describe('DatastoreError', () => {
  it('names datastore and reason, and keeps the rest for the log', () => {
    const error = new DatastoreError('redis', 'refused', new Error('connect ECONNREFUSED 10.0.0.7:6379'));
    expect(error.detail).toBe('The datastore redis does not work (refused).');
    expect(error.data).toEqual({ datastore: 'redis', reason: 'refused' });
  });
});
