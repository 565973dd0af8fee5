export { ForbiddenError, UnauthenticatedError, type TokenRefusal } from './auth.errors.js';
export { bearerToken, challengeFor } from './bearer.js';
export { clockSkewMs, maxTokenTtlMs, type Claims, type TokenRequest } from './claims.js';
export { includesScope, parseScopes, scopes, type Scope } from './scope.js';
