import { defineErrors } from './error-definition.js';
import { exitCodes } from './exit-code.js';

/** The codes of everything that is not a business domain. A domain defines a table of its own. */
export const coreErrors = defineErrors({
  configuration_invalid: {
    kind: 'internal',
    title: 'The configuration cannot work',
    advice: 'Correct the variables that are named and start again.',
    exitCode: exitCodes.config,
  },
  port_in_use: {
    kind: 'internal',
    title: 'The port is in use',
    advice: 'Stop the other program or choose another port.',
    exitCode: exitCodes.config,
  },
  startup_timeout: {
    kind: 'unavailable',
    title: 'A required dependency did not come up in time',
    advice: 'Look at the dependencies that are named, or raise STARTUP_TIMEOUT.',
    exitCode: exitCodes.unavailable,
  },
  init_failed: {
    kind: 'unavailable',
    title: 'The init job failed',
    advice: 'Read init.log, mend the cause and run db-init again.',
    exitCode: exitCodes.unavailable,
  },
  usage: {
    kind: 'invalid',
    title: 'A command was called wrongly',
    advice: 'Call it with --help to see how it is used.',
    exitCode: exitCodes.usage,
  },
  datastore_unavailable: {
    kind: 'unavailable',
    title: 'A datastore does not work',
    advice: 'Send the request again after the time in Retry-After.',
    exitCode: exitCodes.unavailable,
  },
  not_serving: {
    kind: 'unavailable',
    title: 'The service does not take requests now',
    advice: 'Send the request again after the time in Retry-After.',
  },
  overloaded: {
    kind: 'unavailable',
    title: 'The service is overloaded',
    advice: 'Send the request again after the time in Retry-After, and less often.',
  },
  unauthenticated: {
    kind: 'unauthenticated',
    title: 'No valid token',
    advice: 'Send the header "Authorization: Bearer <token>" with a token that is valid now.',
  },
  forbidden: {
    kind: 'forbidden',
    title: 'The token lacks the scope',
    advice: 'Use a token that has the scope named in the detail.',
  },
  validation_failed: {
    kind: 'invalid',
    title: 'The request does not have the right form',
    advice: 'Correct the fields that are named and send the request again.',
  },
  malformed_json: {
    kind: 'invalid',
    title: 'The body is not JSON',
    advice: 'Send a body that is valid JSON in UTF-8.',
  },
  not_found: {
    kind: 'not_found',
    title: 'There is nothing at this path',
    advice: 'Look at the list of calls in the documentation.',
  },
  method_not_allowed: {
    kind: 'method_not_allowed',
    title: 'The path does not take this method',
    advice: 'Use one of the methods in the Allow header.',
  },
  not_acceptable: {
    kind: 'not_acceptable',
    title: 'No representation that the client accepts',
    advice: 'Accept application/json.',
  },
  request_timeout: {
    kind: 'timeout',
    title: 'The request did not arrive in time',
    advice: 'Send the whole request within REQUEST_TIMEOUT.',
  },
  payload_too_large: {
    kind: 'too_large',
    title: 'The body is too large',
    advice: 'Send less at once.',
  },
  unsupported_media_type: {
    kind: 'unsupported_media_type',
    title: 'The body has a type that is not read here',
    advice: 'Send the body as application/json.',
  },
  rate_limited: {
    kind: 'rate_limited',
    title: 'Too many requests',
    advice: 'Wait for the time in Retry-After.',
  },
  internal_error: {
    kind: 'internal',
    title: 'An unexpected failure',
    advice: 'Report the request id to the operator, who finds the cause in the log.',
    exitCode: exitCodes.software,
  },
});
