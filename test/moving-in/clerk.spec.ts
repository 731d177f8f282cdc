import { clerkReader } from '../../src/moving-in/clerk/clerk.reader.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { logIn, logInWithApp, type MovedIn, moveIn, PASSWORDS, readSample, storedUser } from './moving-user.js';

const at = (name: string) => `${name}@clerk.example`;
const LISTED = { companions: { users: 'clerk/users.json' } };

describe('users of Clerk', () => {
  let app: AuthTestApp;
  let moved: MovedIn;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] });
    moved = await moveIn(app, clerkReader, 'clerk/users.csv', LISTED);
  });
  afterAll(() => app.close());

  it.each(Object.keys(PASSWORDS))('log in by their old password: %s', async (name) => {
    expect(await logIn(app, at(name), PASSWORDS[name]!.slice(1))).toBe('invalid_credentials');
    expect(await logIn(app, at(name), PASSWORDS[name]!)).toBe('200');
  });

  it.each(['django_bcrypt', 'django_pbkdf2', 'pbkdf2', 'pbkdf2_sha1', 'argon2', 'phpass'])(
    'log in by the hash that Clerk keeps of an earlier system: %s',
    async (form) => {
      expect(await logIn(app, at(`of_${form}`), `${PASSWORDS.plain}.`)).toBe('invalid_credentials');
      expect(await logIn(app, at(`of_${form}`), PASSWORDS.plain!)).toBe('200');
    },
  );

  it('log in by the hash of Firebase, whose sample is the one of its documentation', async () => {
    expect(await logIn(app, at('of_firebase'), 'user1password')).toBe('200');
  });

  it('with MD5 are refused', () => {
    expect(moved.refusalOf(at('of_md5'))).toBe('unknown_hash');
  });

  it('keep their date and what they are called, and are verified as there', async () => {
    const kept = { name: 'Ada Lovelace', createdAt: new Date('2019-05-04T09:00:00Z') };
    expect(await storedUser(app, at('plain'))).toMatchObject({ ...kept, verifiedAt: expect.any(Date) });
    expect(await storedUser(app, at('unverified'))).toMatchObject({ ...kept, verifiedAt: null });
  });

  it('who are banned, or locked for good, stay out', async () => {
    for (const [name, reason] of [
      ['banned', 'banned in Clerk'],
      ['locked', 'locked in Clerk'],
    ] as const) {
      expect(await storedUser(app, at(name))).toMatchObject({ banReason: reason, bannedUntil: null });
      expect(await logIn(app, at(name), PASSWORDS.plain!)).toBe('user_banned');
    }
    expect(moved.read.get(at('locked'))!.notes).toEqual(['lock_became_ban']);
  });

  it('go on with their authenticator app', async () => {
    expect(await logInWithApp(app, at('with_app'), PASSWORDS.plain!, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toBe(200);
    expect(moved.read.get(at('with_app'))!.notes).toEqual(['recovery_codes_left_out']);
  });

  it('are told of what stays behind', () => {
    expect(moved.read.get(at('with_two'))).toMatchObject({
      notes: ['further_addresses_left_out'],
      user: { username: expect.any(String) },
    });
    expect(moved.read.get(at('with_google'))!.notes).toEqual(['provider_login_left_out']);
    expect(moved.records.at(-1)).toMatchObject({ foreignId: 'user_phone', refused: 'no_email' });
  });
});

describe('exports of Clerk', () => {
  it('without the list of the API say of nobody whether they are banned, and that is told', async () => {
    const records = await readSample(clerkReader, 'clerk/users.csv');
    const banned = records.find(({ foreignId }) => foreignId === 'user_banned')!;
    expect(banned).toMatchObject({ notes: ['ban_not_told'] });
  });

  it('whose list of the API lacks a user refuse them: they might be banned', async () => {
    const [first] = await readSample(clerkReader, 'clerk/users.csv', {
      companions: { users: 'clerk/short-list.json' },
    });
    expect(first).toMatchObject({ foreignId: 'user_plain', refused: 'not_among_listed_users' });
  });

  it('of the API alone bring everything but passwords and secrets, which is told', async () => {
    const records = await readSample(clerkReader, 'clerk/users.json');
    const of = (id: string) => records.find(({ foreignId }) => foreignId === id);
    expect(of('user_plain')).toMatchObject({
      user: { email: at('plain'), emailVerified: true, createdAt: '2019-05-04T09:00:00.000Z' },
      notes: ['password_left_out'],
    });
    expect(of('user_banned')).toMatchObject({ user: { banned: true } });
    expect(of('user_with_app')).toMatchObject({ notes: expect.arrayContaining(['second_factor_left_out']) });
  });
});
