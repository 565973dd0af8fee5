/** The datastores that the product knows, by the keys they have in health bodies and in `HEALTH_CRITICAL`. */
export const datastoreNames = ['postgres', 'redis', 'influxdb'] as const;
export type DatastoreName = (typeof datastoreNames)[number];

/** Why a datastore does not work, as shown to the public. */
export const failureReasons = [
  'pending',
  'dns',
  'refused',
  'timeout',
  'authentication',
  'tls',
  'missing_database',
  'too_many_connections',
  'starting_up',
  'read_only',
  'out_of_memory',
  'server_error',
  'protocol',
  'unknown',
] as const;
export type FailureReason = (typeof failureReasons)[number];

const reasonByCode: Readonly<Record<string, FailureReason>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EPIPE: 'refused',
  ENOENT: 'refused',
  EHOSTUNREACH: 'timeout',
  ENETUNREACH: 'timeout',
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
  ABORT_ERR: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  EPROTO: 'tls',
};

/**
 * The reason that every network client shares: DNS, refusal, timeout and TLS, by the error codes of
 * Node's net, dns and tls modules. Looks through causes and through the parts of an AggregateError.
 * Returns undefined for an error that the datastore itself must explain.
 */
export function networkFailureReason(error: unknown): FailureReason | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout';
  const code = 'code' in error ? String(error.code) : '';
  const own = reasonByCode[code] ?? (/^ERR_(TLS|SSL)_/.test(code) ? 'tls' : undefined);
  if (own !== undefined) return own;
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...parts, error.cause]
    .map((part) => networkFailureReason(part))
    .find((reason) => reason !== undefined);
}
