import type { Feature } from '../config/feature.js';
import { LoginPolicy } from '../credentials/login-policy.js';
import { FactorContexts } from './factor-contexts.js';
import { FactorLoginController } from './factor-login.controller.js';
import { FactorSessions } from './factor-sessions.js';
import { FailedLogins } from './failed-logins.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';
import { loginWords } from './login.words.js';
import { LoginEligibility } from './login-eligibility.js';
import { loginEvents, loginSecurityLog } from './login-events.js';
import { LoginOutcomes, loginMetricDescriptions, loginMetrics } from './login-outcomes.js';
import { EnrolPage } from './pages/enrol.page.js';
import { loginPages } from './pages/login-pages.js';
import { PendingLoginCookie } from './pages/pending-login-cookie.js';
import { SignInPage } from './pages/sign-in.page.js';
import { SignInFactorPage } from './pages/sign-in-factor.page.js';
import { SignInSteps } from './pages/sign-in-steps.js';
import { SignedIn } from './pages/signed-in.js';
import { LoginBindingCookie } from './pending-login/login-binding-cookie.js';
import { PendingLoginsHolding } from './pending-login/pending-logins.holding.js';
import { PendingLogins } from './pending-login/pending-logins.js';
import { ConfiguredLoginPolicy } from './policy/configured-login-policy.js';
import { policyOptions } from './policy/policy-options.js';

export const loginFeature: Feature = {
  name: 'login',
  events: loginEvents,
  securityLog: loginSecurityLog,
  options: policyOptions,
  controllers: [LoginController, FactorLoginController, SignInPage, SignInFactorPage, EnrolPage],
  pages: loginPages,
  words: loginWords,
  holdings: { pending_logins: PendingLoginsHolding },
  metrics: { declared: loginMetricDescriptions, inject: [LoginOutcomes], useFactory: loginMetrics },
  providers: [
    { provide: LoginPolicy, useClass: ConfiguredLoginPolicy },
    LoginService,
    LoginEligibility,
    PendingLogins,
    LoginBindingCookie,
    FailedLogins,
    FactorContexts,
    FactorSessions,
    LoginOutcomes,
    PendingLoginCookie,
    SignInSteps,
    SignedIn,
  ],
};
