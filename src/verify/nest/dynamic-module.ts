import { type DynamicModule, Inject, Injectable, type OnApplicationShutdown, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { createVerifier, type Verifier } from '../verifier.js';
import type { VerifierSettings } from '../verifier-settings.js';
import { VERIFIER, VerifyGuard } from './verify.guard.js';
import { VerifyErrorFilter } from './verify-error.filter.js';
import type { VerifyModuleSettings } from './verify-module-settings.js';

/** Closes the verifier that the module has created: no logout waits for an application that has gone. */
@Injectable()
class VerifierCloser implements OnApplicationShutdown {
  constructor(@Inject(VERIFIER) private readonly verifier: Verifier) {}

  async onApplicationShutdown(): Promise<void> {
    await this.verifier.close();
  }
}

/** What `VerifyModule.forRoot()` returns. */
export function dynamicModule(
  module: Type,
  given: VerifierSettings | Verifier,
  { globalGuard = true }: VerifyModuleSettings,
): DynamicModule {
  const isVerifier = 'verify' in given;
  const verifier = isVerifier ? given : createVerifier(given);
  return {
    module,
    global: true,
    providers: [
      { provide: VERIFIER, useValue: verifier },
      VerifyGuard,
      ...(isVerifier ? [] : [VerifierCloser]),
      ...(globalGuard ? [{ provide: APP_GUARD, useExisting: VerifyGuard }] : []),
      { provide: APP_FILTER, useClass: VerifyErrorFilter },
    ],
    exports: [VERIFIER, VerifyGuard],
  };
}
