import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as client from '../src/client/client.js';
import * as next from '../src/client/next/next.js';
import * as react from '../src/client/react/react.js';
import * as tokens from '../src/client/tokens/tokens.js';
import * as front from '../src/index.js';
import * as internal from '../src/internal.js';
import * as testing from '../src/testing/index.js';
import * as verify from '../src/verify/index.js';
import * as verifyNest from '../src/verify/nest/index.js';
import * as verifyTesting from '../src/verify/testing/index.js';

const ROOT = resolve(__dirname, '..');

// What is listed here is promised. Adding a name is minor, removing one is major.
it('the package exports exactly these values', () => {
  expect(Object.keys(front).sort()).toEqual(
    [
      'API_KEY_PATTERN',
      'AUTH_DATA_SOURCE',
      'AUTH_ERRORS',
      'ApiKeys',
      'AtomicPrimitives',
      'AuditRecords',
      'AuditSink',
      'AuthController',
      'AuthError',
      'AuthErrorFilter',
      'AuthGuard',
      'AuthModule',
      'Clock',
      'ConfigurationError',
      'ConfiguredLoginPolicy',
      'Cookies',
      'CsrfTokens',
      'CurrentAuth',
      'CurrentCaller',
      'CurrentExchange',
      'CurrentSession',
      'CurrentUser',
      'EnrolmentProof',
      'EnrolmentService',
      'FOREIGN_HASHES',
      'Factor',
      'FactorAttempts',
      'FactorSessions',
      'Factors',
      'FreshProof',
      'LegacyDirectory',
      'LimitsNotCounted',
      'LoginPolicy',
      'LoginService',
      'MAILS',
      'MailTemplates',
      'MailAllowance',
      'MailLinks',
      'MailRefused',
      'Mailer',
      'Metrics',
      'NotWhileImpersonating',
      'Notifications',
      'OpenToEnrolment',
      'Options',
      'PasskeyStore',
      'PasswordHasher',
      'PasswordPolicy',
      'PasswordStore',
      'PendingLogins',
      'Public',
      'RateLimitStore',
      'RateLimited',
      'RateLimiter',
      'Reauthentication',
      'RefreshTokenStore',
      'RevocationFeed',
      'Revocations',
      'Roles',
      'STATUS_OF_CODE',
      'ScopePolicy',
      'Scopes',
      'SecretKey',
      'SECURITY_EVENTS',
      'STRICTER_SECURITY_EVENTS',
      'AccountSecurity',
      'Handshakes',
      'Holding',
      'LiveConnections',
      'Repliers',
      'guardHandshakes',
      'SessionResolver',
      'SessionService',
      'SessionStore',
      'SigningKeys',
      'StepUp',
      'Storage',
      'Strategies',
      'SystemClock',
      'TicketStrategy',
      'UNSETTLED_SECONDS',
      'UserImportService',
      'UserDirectory',
      'UserStore',
      'choice',
      'defineMetrics',
      'defineSpans',
      'defineMailTemplates',
      'defineOptions',
      'entities',
      'metricsOf',
      'flag',
      'foreignHashes',
      'addCoatcheckSecurity',
      'hashSecret',
      'isCoatcheckRoute',
      'integer',
      'isBanned',
      'list',
      'migrate',
      'mintSecretToken',
      'optionalText',
      'parseSecretToken',
      'requireSession',
      'seconds',
      'secretMatches',
      'signingKey',
      'text',
      'ticketIdOf',
      'ticketStrategyOn',
      'toAuthUser',
      'traced',
      'httpsOptions',
      'OptionalAuth',
      'Permissions',
      'PersonalData',
      'ProtectedResource',
      'RolePermissions',
      'Callers',
      'ClaimsSource',
      'UserClaims',
      'InTransaction',
      'AfterCommit',
      'TRANSACTIONAL_EVENTS',
      'EventListeners',
      'Audited',
      'defineEvents',
      'RecoveryCodes',
      'canonicalEmail',
      'deleting',
      'MailedTokens',
      'Outbox',
      'BotCheck',
      'BreachedPasswords',
      'MailboxPolicy',
      'RegistrationPolicy',
      'UserField',
      'pepperedBcryptHash',
    ].sort(),
  );
});

// Listed so that nothing slips in or out unseen; none of it is promised.
it('coatcheck/internal exports exactly these values, none of which is promised', () => {
  expect(Object.keys(internal).sort()).toEqual(
    [
      'PageController',
      'PageView',
      'SeeOther',
      'Submitted',
      'SubmittedForm',
      'defineTemplates',
      'defineWords',
      'refused',
      'seeOther',
      'view',
      'AUTHENTICATOR',
      'ApiKeyRotation',
      'AuditEventEntity',
      'CertificateBinding',
      'DeclaredMails',
      'DeviceList',
      'Describe',
      'EffectiveSecurityTable',
      'FACTORS',
      'FactorChanges',
      'GenericCredentialErrorInterceptor',
      'Histogram',
      'KnownDevices',
      'LimitKeys',
      'LinkHolding',
      'Lockout',
      'LoginAttempts',
      'MailQueue',
      'MaxDepth',
      'PasswordHashes',
      'ProblemDetails',
      'RequestRecognizer',
      'STRATEGIES',
      'SecurityNotifications',
      'SessionTickets',
      'SessionView',
      'SnapshotSource',
      'StatementHolding',
      'StepUpPolicy',
    ].sort(),
  );
  expect(Object.keys(internal).filter((name) => name in front)).toEqual([]);
});

it('coatcheck/testing exports exactly these values', () => {
  expect(Object.keys(testing).sort()).toEqual(
    [
      'AuthTestApp',
      'AuthenticatorApp',
      'FakeClock',
      'FakeProvider',
      'SoftwareAuthenticator',
      'TestClient',
      'TestStepFailed',
      'bootAuthApp',
      'exerciseAtomicPrimitives',
      'exercisePasskeyStore',
      'exerciseRateLimitStore',
      'exerciseRefreshTokenStore',
      'exerciseRevocationFeed',
      'exerciseSessionStore',
      'exerciseUserStore',
      'startFakeProvider',
      'testOptions',
      'wrapAuthApp',
    ].sort(),
  );
});

it('coatcheck/verify and its parts export exactly these values', () => {
  expect(Object.keys(verifyTesting)).toEqual(['createTestVerifier']);
  expect(Object.keys(verify).sort()).toEqual(['VerifyError', 'VerifyModule', 'authOf', 'createVerifier', 'refuse']);
  expect(Object.keys(verifyNest).sort()).toEqual([
    'CurrentAuth',
    'CurrentUser',
    'Public',
    'Roles',
    'Scopes',
    'VERIFIER',
    'VerifyErrorFilter',
    'VerifyGuard',
    'VerifyModule',
  ]);
});

it('coatcheck/client and its parts export exactly these values', () => {
  // Its types are a browser's, which there are none of here.
  const passkeys: object = jest.requireActual('../src/client/passkeys/passkeys.js');
  const names = Object.entries({ client, tokens, passkeys, react, next }).map(([door, exported]) => [
    door,
    Object.keys(exported).sort(),
  ]);
  expect(Object.fromEntries(names)).toEqual({
    client: ['AuthProblem', 'createClient', 'hintCookie', 'hinted', 'problemOf', 'routes'],
    tokens: ['body', 'cookie', 'split'],
    passkeys: ['passkeys'],
    react: ['AuthProvider', 'useSession', 'useUser'],
    next: ['readSession'],
  });
});

it('every door of package.json leads to a file that the build makes', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const files = Object.values<string | Record<string, string>>(exports).flatMap((door) =>
    typeof door === 'string' ? [door] : Object.values(door),
  );
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
