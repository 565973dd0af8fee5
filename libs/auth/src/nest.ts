export { AuthGuard, type AuthenticatedRequest } from './auth.guard.js';
export { AuthModule } from './auth.module.js';
export { RequireScope } from './require-scope.decorator.js';
export { createTokenService, TokenService } from './token.service.js';
