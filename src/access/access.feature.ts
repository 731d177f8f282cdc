import passport from 'passport';
import { ConfigurationError } from '../config/configuration-error.js';
import { coreOptions } from '../config/core-options.js';
import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { Challenges } from '../http/challenges.js';
import { accessOptions } from './access-options.js';
import { accessSpanDescriptions, accessSpans } from './access-spans.js';
import { AuthGuard } from './auth.guard.js';
import { Callers } from './caller.js';
import { CertificateBinding, NoCertificateBinding } from './certificate-binding.js';
import { Cookies } from './cookies.js';
import { CsrfGuard } from './csrf.guard.js';
import { CsrfTokens } from './csrf-tokens.js';
import { Handshakes } from './handshakes.js';
import { LiveConnections } from './live-connections.js';
import { adapted } from './passport-framework.js';
import { Repliers } from './replier.js';
import { RequestCounts, requestCountMetricDescriptions, requestCountMetrics } from './request-counts.js';
import { RequestRecognizer } from './request-recognizer.js';
import { RequestTickets } from './request-tickets.js';
import { RolePermissions } from './role-permissions.js';
import { ScopePolicy } from './scope-policy.js';
import { StepUpPolicy } from './step-up.js';
import { ALL_STRATEGIES, AUTHENTICATOR, STRATEGIES, type TicketStrategy } from './ticket-strategy.js';
import { TrustedProxies } from './trusted-proxies.js';

export const accessFeature: Feature = {
  name: 'access',
  options: accessOptions,
  metrics: { declared: requestCountMetricDescriptions, inject: [RequestCounts], useFactory: requestCountMetrics },
  spans: { declared: accessSpanDescriptions, inject: [AuthGuard, STRATEGIES], useFactory: accessSpans },
  providers: [
    // Passport keeps its strategies in a process-wide object; with one of its own each AuthModule accepts only its tickets.
    { provide: AUTHENTICATOR, useFactory: () => adapted(new passport.Authenticator()) },
    { provide: STRATEGIES, inject: [Options, ALL_STRATEGIES, AUTHENTICATOR], useFactory: switchedOn },
    { provide: Challenges, inject: [STRATEGIES, Options], useFactory: challengesOf },
    { provide: CertificateBinding, useClass: NoCertificateBinding },
    AuthGuard,
    Callers,
    Cookies,
    CsrfTokens,
    CsrfGuard,
    Handshakes,
    LiveConnections,
    Repliers,
    RequestCounts,
    RequestRecognizer,
    RequestTickets,
    RolePermissions,
    ScopePolicy,
    TrustedProxies,
    StepUpPolicy,
  ],
};

/** The strategies that `AUTH_STRATEGIES` names, in its order, made known to this module's Passport. */
function switchedOn(
  options: Options,
  all: readonly TicketStrategy[],
  authenticator: passport.Authenticator,
): TicketStrategy[] {
  const strategies = options
    .of(coreOptions)
    .authStrategies.map((name) => all.find((strategy) => strategy.name === name)!);
  const ofTheRest = strategies.filter(({ bearerTokens }) => bearerTokens === 'rest').map(({ name }) => name);
  if (ofTheRest.length > 1) {
    const problem = `lists ${ofTheRest.join(' and ')}, which both accept every bearer token that no other strategy claims`;
    const remedy = 'remove one of them, or let its strategy claim a token format (bearerTokens)';
    throw new ConfigurationError([{ option: 'authStrategies', problem, remedy }]);
  }
  for (const strategy of strategies) authenticator.use(strategy.name, strategy);
  return strategies;
}

function challengesOf(strategies: readonly TicketStrategy[], options: Options): Challenges {
  const asked = strategies.flatMap(({ challenge }) => challenge ?? []);
  return new Challenges(asked, options.of(coreOptions).publicUrl);
}
