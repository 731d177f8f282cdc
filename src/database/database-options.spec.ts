import { ConfigurationError } from '../config/configuration-error.js';
import { coreOptions } from '../config/core-options.js';
import { defineOptions } from '../config/option-section.js';
import { Options } from '../config/options.js';
import { databaseOptions } from './database-options.js';

const { nodeEnv } = coreOptions.specs;
const sections = [defineOptions({ title: 'Core', specs: { nodeEnv } }), databaseOptions];

describe('the database options', () => {
  it('default to the embedded database, ten connections, and migrating at start', () => {
    const { databaseUrl, databasePoolSize, migrateOnStart } = Options.resolve(sections, {}).of(databaseOptions);
    expect([databaseUrl, databasePoolSize, migrateOnStart]).toEqual([undefined, 10, true]);
  });

  it('refuse the embedded database in production, and say what to do', () => {
    expect(problems({ nodeEnv: 'production' })).toEqual(['databaseUrl']);
    expect(problems({ nodeEnv: 'production', databaseUrl: 'postgres://host/name' })).toEqual([]);
  });

  it.each(['mysql://host/name', 'host/name', 'postgres://', 'postgres://with space/name'])(
    'refuse the URL %s',
    (databaseUrl) => {
      expect(problems({ databaseUrl })).toContain('databaseUrl');
    },
  );

  it('never show the URL, which holds a password', () => {
    const resolve = () => Options.resolve(sections, { databaseUrl: 'mysql://user:hunter2@host' });
    expect(resolve).toThrow(ConfigurationError);
    expect(resolve).not.toThrow(/hunter2/);
  });
});

function problems(given: Record<string, unknown>): string[] {
  try {
    Options.resolve(sections, given);
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems.map(({ option }) => option);
  }
}
