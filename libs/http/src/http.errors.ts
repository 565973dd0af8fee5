import { AppError, coreErrors, defineErrors } from '@app/errors';

/** The codes that only the HTTP layer has. */
export const httpErrors = defineErrors({
  malformed_request: {
    kind: 'invalid',
    title: 'The request is not whole or not HTTP',
    advice: 'Send a complete HTTP/1.1 request with a well-formed path and less than 16 KiB of headers.',
  },
});

/** The path exists, but not with this method. */
export class MethodNotAllowedError extends AppError {
  /** The methods that the path takes, in upper case. */
  readonly allow: readonly string[];

  constructor(method: string, allow: readonly string[]) {
    super(coreErrors.method_not_allowed, `This path does not take ${method}.`, {
      advice: `Use ${allow.join(' or ')}.`,
      data: { allow },
    });
    this.allow = allow;
  }
}

/** The application cannot take this request yet, or no longer. */
export class NotServingError extends AppError {
  constructor(detail: string, retryAfterSeconds: number) {
    super(coreErrors.not_serving, detail, { data: { retryAfterSeconds } });
  }
}
