import type { DynamicModule } from '@nestjs/common';
import type { VerifyModuleSettings } from './nest/verify-module-settings.js';
import type { Verifier } from './verifier.js';
import type { VerifierSettings } from './verifier-settings.js';

/** Verifies the tickets of a Nest application that is another service. Its guard and decorators are in `coatcheck/verify/nest`. */
export class VerifyModule {
  /**
   * Guards every route of the application, and provides the `VERIFIER`. Nest is loaded by this call, not by importing this class.
   *
   * @param verifier its settings, or an existing verifier (the code that created it closes it)
   * @throws TypeError (as a rejection) for settings that cannot work
   * @example
   * imports: [VerifyModule.forRoot({ url: 'https://accounts.example', credential: process.env.VERIFY_KEY })]
   */
  static async forRoot(
    verifier: VerifierSettings | Verifier,
    settings: VerifyModuleSettings = {},
  ): Promise<DynamicModule> {
    const { dynamicModule } = await import('./nest/dynamic-module.js');
    return dynamicModule(VerifyModule, verifier, settings);
  }
}
