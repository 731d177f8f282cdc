import { Options } from '../../src/config/options.js';
import { createService } from '../../src/service/create-service.js';
import { serviceSections } from '../../src/service/service-sections.js';
import { testOptions } from '../../src/testing/index.js';
import { emptyDatabase } from '../real-postgres.js';

/** What the environment says, as the service's start reads it. */
const boot = (environment: Record<string, string>) =>
  createService(Options.readEnvironment(serviceSections, environment));

describe('an unsafe configuration', () => {
  it('stops a production boot with every problem at once, each with its remedy', async () => {
    const error = await boot({ NODE_ENV: 'production' }).catch((thrown) => thrown);
    expect(error.name).toBe('ConfigurationError');
    for (const variable of ['PUBLIC_URL', 'SECRET_KEY', 'DATABASE_URL', 'MAIL_URL'])
      expect(error.message).toContain(`  ${variable} `);
    expect(error.message.match(/\n {4}-> /g)).toHaveLength(error.problems.length);
  });

  const production = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://auth.example.org',
    SECRET_KEY: 'q3vQ0mWmS2oUe0nC3G7b2m1t0VJ1m8o1b0C5p9K2x4w',
    DATABASE_URL: 'postgres://localhost:1/none',
    MAIL_URL: 'smtp://localhost:1',
    MAIL_FROM: 'Coatcheck <no-reply@example.org>',
  };
  it.each([
    ['PUBLIC_URL', 'http://auth.example.org'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['SECRET_KEY', 'changeme'],
    ['SECRET_KEY', 'A'.repeat(43)],
    ['SECRET_KEY', 'c2hvcnQ'],
    ['SESSION_STORE', 'memory'],
    ['SESSION_STORE', 'floppy'],
    ['AUTH_STRATEGIES', 'session,session'],
    ['AUTH_STRATEGIES', 'magic'],
    ['CLOCK_OFFSET_SECONDS', '60'],
    ['PASSWORD_HASH_MEMORY_KIB', '1024'],
    ['PASSWORD_MIN_LENGTH', '4'],
    ['JWT_ALGORITHM', 'none'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '0.0.0.0/1,128.0.0.0/1'],
    ['TRUSTED_PROXIES', '::/1'],
    ['EMAIL_VERIFICATION_URL', 'http://app.example.org/verify'],
    ['SECRET_KEY', 'aWaWaWaWaWaWaWaWaWaWaWaWaWaWaWaWaWaWaWaWaWa'],
    ['TRUSTED_PROXIES', '::ffff:10.0.0.0/8'],
    ['PORT', 'http'],
    ['SESSION_IDLE_SECONDS', '99999999'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s stops the boot and is named', async (variable, value) => {
    const error = await boot({ ...production, [variable]: value }).catch((thrown) => thrown);
    expect(error.name).toBe('ConfigurationError');
    expect(error.message).toContain(`  ${variable} `);
    expect(error.problems).toHaveLength(1);
    expect(error.message).not.toContain(value.length > 8 ? value : `=${value}`);
  });

  it('of tables that were never made is told at the start, not at the first login', async () => {
    const database = await emptyDatabase();
    const error = await createService({ ...testOptions, databaseUrl: database.url, migrateOnStart: false }).catch(
      (thrown) => thrown,
    );
    expect(error.message).toContain('MIGRATE_ON_START');
    await database.drop();
  });

  it('of an option that does not exist is refused by name', async () => {
    const error = await createService({ ...testOptions, sessionIdleSecond: 60 }).catch((thrown) => thrown);
    expect(error.message).toContain('SESSION_IDLE_SECOND is not an option');
  });
});
