import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as front from '../src/index.js';
import * as testing from '../src/testing/index.js';

const ROOT = resolve(__dirname, '..');

// What is listed here is promised. Adding a name is minor, removing one is major.
it('the package exports exactly these values', () => {
  expect(Object.keys(front).sort()).toEqual(
    [
      'AUTHENTICATOR',
      'AUTH_DATA_SOURCE',
      'AtomicPrimitives',
      'AuditEventEntity',
      'AuditRecords',
      'AuditSink',
      'AuthController',
      'AuthError',
      'AuthErrorFilter',
      'AuthGuard',
      'AuthModule',
      'Clock',
      'ConfigurationError',
      'Cookies',
      'CsrfTokens',
      'CurrentAuth',
      'CurrentSession',
      'CurrentUser',
      'Describe',
      'Durations',
      'EnrolmentService',
      'FACTORS',
      'FOREIGN_HASHES',
      'Factor',
      'Field',
      'GenericCredentialErrorInterceptor',
      'LegacyDirectory',
      'KnownDevices',
      'LimitKeys',
      'Lockout',
      'LoginAttempts',
      'LoginService',
      'MAILS',
      'Letters',
      'MailAllowance',
      'MailLinks',
      'MailRefused',
      'Mailer',
      'Metrics',
      'Notices',
      'Options',
      'PasswordHasher',
      'PasswordHashes',
      'PasswordPolicy',
      'PasswordStore',
      'PostOffice',
      'ProblemDetails',
      'Public',
      'RateLimitStore',
      'RateLimited',
      'RateLimiter',
      'REVOCATION_RULES',
      'Reauthentication',
      'RefreshTokenStore',
      'RequestRecognizer',
      'RevocationFeed',
      'RevocationPolicy',
      'Revocations',
      'Roles',
      'STATUS_OF_CODE',
      'STRATEGIES',
      'SecretKey',
      'SecurityChangeHooks',
      'SecurityChanges',
      'SessionResolver',
      'SessionService',
      'SessionStore',
      'SessionView',
      'SigningKeys',
      'SnapshotSource',
      'Storage',
      'Strategies',
      'Structured',
      'SystemClock',
      'UNSETTLED_SECONDS',
      'UserImportService',
      'UserStore',
      'choice',
      'defineOptions',
      'entities',
      'flag',
      'foreignHashes',
      'hashSecret',
      'integer',
      'list',
      'mintSecretToken',
      'optionalText',
      'parseSecretToken',
      'seconds',
      'secretMatches',
      'signingKey',
      'text',
      'toAuthUser',
    ].sort(),
  );
});

it('coatcheck/testing exports exactly these values', () => {
  expect(Object.keys(testing).sort()).toEqual(
    [
      'AuthTestApp',
      'FakeClock',
      'TestClient',
      'bootAuthApp',
      'exerciseAtomicPrimitives',
      'exerciseRateLimitStore',
      'exerciseRefreshTokenStore',
      'exerciseRevocationFeed',
      'exerciseSessionStore',
      'exerciseUserStore',
      'testOptions',
    ].sort(),
  );
});

it('every door of package.json leads to a file that the build makes', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const files = Object.values<string | Record<string, string>>(exports).flatMap((door) =>
    typeof door === 'string' ? [door] : Object.values(door),
  );
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
