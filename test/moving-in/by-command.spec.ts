import { readFileSync, writeFileSync } from 'node:fs';
import { MovingApp } from './moving-app.js';
import { PASSWORDS, sample } from './moving-user.js';

describe('the command line, of systems that people run themselves and of Clerk', () => {
  let moving: MovingApp;
  beforeAll(async () => {
    moving = await MovingApp.boot();
    const { secret } = JSON.parse(sample('better-auth/secrets.json'));
    writeFileSync(moving.path('better-auth.json'), JSON.stringify({ secret, rpId: 'localhost' }));
  });
  afterAll(() => moving.close());

  const beside = (name: string, path: string) => ['--with', `${name}=${moving.sample(path)}`];

  it.each([
    ['better-auth', 'better-auth/tables.json', () => ['--settings', moving.path('better-auth.json')], '15 imported, 0'],
    ['clerk', 'clerk/users.csv', () => beside('users', 'clerk/users.json'), '20 imported, 0'],
    ['devise', 'devise/users.csv', () => [], '14 imported, 0'],
    ['django', 'django/dumpdata.json', () => [], '42 imported, 0'],
    ['wordpress', 'wordpress/wp_users.csv', () => beside('usermeta', 'wordpress/wp_usermeta.csv'), '25 imported, 0'],
  ] as const)('imports users of %s, and the second time finds them here', async (system, file, more, told) => {
    const args = ['--from', system, moving.sample(file), ...more()];
    expect((await moving.import(args)).out).toContain(`${told} already here`);
    expect((await moving.import(args)).out).toContain(`0 imported, ${told.split(' ')[0]} already here`);
    const email = { django: 'argon2.plain', wordpress: 'bcrypt.plain' }[system as string] ?? 'plain';
    const { status, body } = await moving.logIn(`${email}@${system}.example`, PASSWORDS.plain);
    // Who is not verified there has a link to follow first.
    expect([status, body.code]).toEqual(
      ['clerk', 'devise'].includes(system) ? [200, undefined] : [403, 'email_unverified'],
    );
  });

  it('notes roles that are left out, and not those that all have', async () => {
    const report = moving.path('roles.jsonl');
    const settings = ['--settings', moving.path('better-auth.json')];
    const file = moving.sample('better-auth/tables.json');
    await moving.import(['--from', 'better-auth', file, ...settings, '--report', report]);
    const noted = readFileSync(report, 'utf8').match(/"roles_left_out"/g);
    expect(JSON.parse(readFileSync(file, 'utf8')).user.map(({ role }: { role: string }) => role)).toContain('user');
    expect(noted).toHaveLength(1);
  });
});
