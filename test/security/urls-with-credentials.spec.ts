import { parse } from 'pg-connection-string';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { environmentName } from '../../src/config/option-section.js';
import { Options } from '../../src/config/options.js';
import { serviceSections } from '../../src/service/service-sections.js';
import { parseMemcachedUrl } from '../../src/stores/memcached/memcached-address.js';
import { parseRedisUrl } from '../../src/stores/redis/redis-address.js';

const SECRET = /hunter2/;
/** Each ends in what the alphabets of URLs stumble over. */
const PASSWORDS = [
  'hunter2p@ss/w#rd?%',
  'hunter2/x',
  'hunter2#x',
  'hunter2?x',
  'hunter2%',
  'hunter2%zz',
  '/hunter2',
  '#hunter2',
  'hunter2[',
  '[hunter2]',
  'hunter2 x',
];
const SCHEMES = {
  databaseUrl: 'postgres',
  databaseDirectUrl: 'postgres',
  redisUrl: 'redis',
  memcachedUrl: 'memcached',
  mailUrl: 'smtp',
};

/** What each URL with credentials says to whoever connects by it. */
const PASSWORD_OF: Record<string, (url: string) => string | undefined> = {
  databaseUrl: (url) => parse(url).password ?? undefined,
  databaseDirectUrl: (url) => parse(url).password ?? undefined,
  redisUrl: (url) => parseRedisUrl(url)?.password,
  memcachedUrl: (url) => parseMemcachedUrl(url)?.password,
  mailUrl: (url) => decodeURIComponent(new URL(url).password),
};
const specs = Object.assign({}, ...serviceSections.map(({ specs }) => specs)) as Record<string, { shape: string }>;
const withCredentials = Object.keys(specs).filter((name) => /:\/\/user:password@/.test(specs[name]!.shape));

function resolve(option: string, url: string): Options {
  const database = option === 'databaseDirectUrl' ? { DATABASE_URL: 'postgres://db.example.com/name' } : {};
  const environment = { NODE_ENV: 'development', ...database, [environmentName(option)]: url };
  return Options.resolve(serviceSections, Options.readEnvironment(serviceSections, environment));
}

it('every option whose shape has a user and a password is tried here', () => {
  expect(withCredentials.sort()).toEqual(Object.keys(PASSWORD_OF).sort());
});

describe.each(withCredentials)('%s', (option) => {
  const urlOf = (password: string) => `${SCHEMES[option as keyof typeof SCHEMES]}://user:${password}@store.example.com`;

  it.each(PASSWORDS)(
    'with the password %s as it is: one line, a remedy and nothing secret, or that very password',
    (password) => {
      let outcome: Options | ConfigurationError;
      try {
        outcome = resolve(option, urlOf(password));
      } catch (error) {
        outcome = error as ConfigurationError;
      }
      if (outcome instanceof Options) {
        expect(PASSWORD_OF[option]!(urlOf(password))).toBe(password);
        return;
      }
      expect(outcome).toBeInstanceOf(ConfigurationError);
      expect(outcome.problems).toHaveLength(1);
      expect(outcome.message).toMatch(
        new RegExp(`^ {2}${environmentName(option)} [^\\n]+\\n +-> [^\\n]*percent-encode`, 'm'),
      );
      expect(`${outcome.message}${outcome.stack}${JSON.stringify(outcome)}`).not.toMatch(SECRET);
    },
  );

  it.each(PASSWORDS)('with the password %s percent-encoded, is that password', (password) => {
    const url = urlOf(encodeURIComponent(password));
    expect(() => resolve(option, url)).not.toThrow();
    expect(PASSWORD_OF[option]!(url)).toBe(password);
  });
});

it.each(PASSWORDS)(
  'a webhook with the password %s in its URL stops the start, or is read as it is written',
  (password) => {
    const environment = {
      NODE_ENV: 'development',
      WEBHOOKS: `siem=https://user:${password}@siem.example.com/hook`,
      WEBHOOK_SECRETS: `siem=whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    };
    const resolving = () => Options.resolve(serviceSections, Options.readEnvironment(serviceSections, environment));
    try {
      resolving();
    } catch (error) {
      expect((error as Error).message).toMatch(/WEBHOOKS [^\n]+\n +-> /);
      expect((error as Error).message).not.toMatch(SECRET);
      return;
    }
    expect(decodeURIComponent(new URL(environment.WEBHOOKS.slice(5)).password)).toBe(password);
  },
);
