import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Clock, SystemClock } from '../../src/kernel/clock.js';
import { bootService } from '../flows/combinations.js';
import { isInstalled } from '../servers-of-this-run.js';

const ROOT = resolve(__dirname, '../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** `$ command` lines, continued by a backslash, and what they are said to print. */
function stepsOf(text: string): { command: string; output: string }[] {
  const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1]!);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [, command = '', output = ''] = /^((?:.*\\\n)*.*)\n?([\s\S]*)$/.exec(step) ?? [];
        return { command, output };
      }),
  );
}

/** What differs from run to run by nature. */
function masked(text: string): string {
  return (
    text
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
      .replace(/"expiresIn":\d+/g, '"expiresIn":<seconds>')
      // The seconds that the machine took since the login are off it already.
      .replace(/"refreshExpiresIn":(\d+)/g, (_, left) => `"refreshExpiresIn":<${Math.ceil(left / 86_400)} days>`)
      .replace(/curl\/[\d.]+/g, 'curl/<version>')
      .replace(/[0-9a-z]{4}(-[0-9a-z]{4}){3}(?=")/g, '<recovery code>')
      .trim()
  );
}

/** Where nobody has installed it, something else makes the codes. */
const OATHTOOL = `command -v oathtool > /dev/null || oathtool() {
  node -p "new (require('${require.resolve('otpauth')}').TOTP)({ secret: '$3' }).generate()"
}\n`;

(isInstalled('curl') && isInstalled('bash') ? describe : describe.skip)('the curl commands', () => {
  it.each([
    ['README.md', 6],
    ['docs/guides/tour.md', 20],
  ])('of %s print what it says, command by command', async (file, atLeast) => {
    const app = await bootService({ authStrategies: ['session', 'jwt', 'api-key'] }, [
      { provide: Clock, useValue: new SystemClock() },
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-tour-'));
    const shell = (script: string) =>
      new Promise<string>((done, fail) => {
        execFile('bash', ['-c', script], { cwd: folder }, (error, stdout, stderr) =>
          error ? fail(new Error(stderr)) : done(stdout),
        );
      });
    try {
      let variables = OATHTOOL;
      const steps = stepsOf(textOf(file));
      expect(steps.length).toBeGreaterThanOrEqual(atLeast);
      for (const { command, output } of steps) {
        const [real, said] = [command, output].map((text) => text.replaceAll('localhost:3000', new URL(app.url).host));
        // The mail leaves after the reply.
        await app.mails();
        const name = /^([A-Z]+)=/.exec(real!)?.[1];
        if (name) {
          variables += `${name}='${await shell(`${variables}${real}\nprintf %s "$${name}"`)}'\n`;
          continue;
        }
        expect([command, masked(await shell(`${variables}${real}`))]).toEqual([command, masked(said!)]);
      }
    } finally {
      rmSync(folder, { recursive: true });
      await app.close();
    }
  });
});
