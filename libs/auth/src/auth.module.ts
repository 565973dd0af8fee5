import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { Global, Module } from '@nestjs/common';
import { AuthGuard } from './auth.guard.js';
import { createTokenService, TokenService } from './token.service.js';

/** Makes the guard and the token service injectable everywhere; the keys come from the configuration. */
@Global()
@Module({
  providers: [
    AuthGuard,
    {
      provide: TokenService,
      inject: [CONFIG],
      useFactory: (config: Pick<Config, 'security' | 'app'>) =>
        createTokenService(config.security, config.app.name),
    },
  ],
  exports: [AuthGuard, TokenService],
})
export class AuthModule {}
