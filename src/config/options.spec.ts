import { ConfigurationError } from './configuration-error.js';
import { defineOptions, optionalText, text } from './option-section.js';
import { Options } from './options.js';

const section = defineOptions<{ token: string | undefined; issuer: string }>({
  title: 'Test',
  specs: {
    token: optionalText({ shape: 'text', description: 'A token.' }),
    issuer: text({ shape: 'text', default: 'x', description: 'An issuer.' }),
  },
});
const from = (environment: Record<string, string>) =>
  Options.resolve([section], Options.readEnvironment([section], environment)).of(section);

describe('a text option', () => {
  it.each(['\n', '\r\n', ' ', '\t', '\uFEFF'])('of the environment is taken without %j at its ends', (end) => {
    expect(from({ TOKEN: `${end}a secret${end}`, ISSUER: `https://issuer.example${end}` })).toEqual({
      token: 'a secret',
      issuer: 'https://issuer.example',
    });
  });

  it('that is white space alone is absent', () => {
    expect(from({ TOKEN: ' \n' })).toEqual({ token: undefined, issuer: 'x' });
  });

  it.each(['secret\n', ' secret', 'secret\u0007'])(
    'that an application gives as %j stops the boot, and says why',
    (token) => {
      const resolve = () => Options.resolve([section], { token });
      expect(resolve).toThrow(ConfigurationError);
      expect(resolve).toThrow(/TOKEN begins or ends with white space or a control character/);
      expect(resolve).not.toThrow(/secret/);
    },
  );
});

describe('a configuration error', () => {
  it('names options as the environment has them and, but in the service, as code has them', () => {
    const { message, messageOfService } = new ConfigurationError([
      { option: 'sessionStore', problem: 'requires the package redis', remedy: 'npm install redis@6' },
    ]);
    const problem =
      'Coatcheck cannot start: 1 configuration problem(s).\n  SESSION_STORE requires the package redis\n    -> npm install redis@6';
    expect(messageOfService).toBe(problem);
    expect(message).toMatch(/\n {2}In AuthModule\.forRoot: sessionStore\./);
    expect(message.startsWith(problem)).toBe(true);
  });
});
