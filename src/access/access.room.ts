import passport from 'passport';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import type { Room } from '../config/room.js';
import { accessOptions } from './access-options.js';
import { AuthGuard } from './auth.guard.js';
import { Callers } from './caller.js';
import { CertificateBinding, NoCertificateBinding } from './certificate-binding.js';
import { Cookies } from './cookies.js';
import { CrossSiteGuardian } from './cross-site.guardian.js';
import { CsrfTokens } from './csrf-tokens.js';
import { adapted } from './passport-framework.js';
import { Repliers } from './replier.js';
import { RequestRecognizer } from './request-recognizer.js';
import { ScopePolicy } from './scope-policy.js';
import { StepUpJudge } from './step-up.js';
import { ALL_STRATEGIES, AUTHENTICATOR, STRATEGIES, type Strategy } from './strategy.js';
import { TrustedProxies } from './trusted-proxies.js';

export const accessRoom: Room = {
  name: 'access',
  options: accessOptions,
  providers: [
    // Passport keeps its strategies in a process-wide object; with one of its own each AuthModule accepts only its tickets.
    { provide: AUTHENTICATOR, useFactory: () => adapted(new passport.Authenticator()) },
    { provide: STRATEGIES, inject: [Options, ALL_STRATEGIES, AUTHENTICATOR], useFactory: switchedOn },
    { provide: CertificateBinding, useClass: NoCertificateBinding },
    AuthGuard,
    Callers,
    Cookies,
    CsrfTokens,
    CrossSiteGuardian,
    Repliers,
    RequestRecognizer,
    ScopePolicy,
    TrustedProxies,
    StepUpJudge,
  ],
};

/** The strategies that `AUTH_STRATEGIES` names, in its order, made known to this module's Passport. */
function switchedOn(options: Options, all: readonly Strategy[], authenticator: passport.Authenticator): Strategy[] {
  const strategies = options
    .of(coreOptions)
    .authStrategies.map((name) => all.find((strategy) => strategy.name === name)!);
  for (const strategy of strategies) authenticator.use(strategy.name, strategy);
  return strategies;
}
