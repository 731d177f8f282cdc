import { djangoReader } from '../../src/moving-in/django/django.reader.js';
import { userIdOf } from '../../src/moving-in/user-id.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import {
  logIn,
  logInWithApp,
  type MovedIn,
  moveIn,
  PASSWORDS,
  proveAllMailboxes,
  readSample,
  storedUser,
} from './moving-user.js';

const HASHERS = ['pbkdf2_sha256', 'pbkdf2_sha1', 'argon2', 'bcrypt_sha256', 'bcrypt'];
/** What django-otp's key of the sample is in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (name: string) => `${name}@django.example`;

describe('users of Django', () => {
  let app: AuthTestApp;
  let moved: MovedIn;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] });
    moved = await moveIn(app, djangoReader, 'django/dumpdata.json');
  });
  afterAll(() => app.close());

  it('are not verified, unless allauth has proven that very address', async () => {
    expect(await storedUser(app, at('pbkdf2_sha256.plain'))).toMatchObject({ verifiedAt: null });
    expect(await storedUser(app, at('half_enrolled'))).toMatchObject({ verifiedAt: null });
    expect(moved.read.get(at('eight_digits'))!.user.emailVerified).toBe(false);
    expect((await storedUser(app, at('with_app'))).verifiedAt).not.toBeNull();
    await proveAllMailboxes(app);
  });

  it.each(HASHERS.flatMap((hasher) => Object.keys(PASSWORDS).map((name) => [hasher, name])))(
    'log in by their old password, hashed by %s: %s',
    async (hasher, name) => {
      const email = at(`${hasher}.${name}`);
      expect(await logIn(app, email, `${PASSWORDS[name]}.`.slice(2))).toBe('invalid_credentials');
      expect(await logIn(app, email, PASSWORDS[name]!)).toBe('200');
    },
  );

  it('keep when they joined and what they are called, and have an id that can be computed from the old', async () => {
    expect(await storedUser(app, at('pbkdf2_sha256.plain'))).toMatchObject({
      id: userIdOf('1', 'django', null),
      name: 'Ada Lovelace',
      createdAt: new Date('2019-05-04T09:00:00.123Z'),
    });
  });

  it('stay out when they are not active', async () => {
    expect(await storedUser(app, at('inactive'))).toMatchObject({
      banReason: 'not active in Django',
      bannedUntil: null,
    });
    expect(await logIn(app, at('inactive'), PASSWORDS.plain!)).toBe('user_banned');
  });

  it('with an unusable or blank password have none here', async () => {
    for (const name of ['unusable', 'blank']) {
      expect(moved.read.get(at(name))!.user).not.toHaveProperty('passwordHash');
      expect(moved.refusalOf(at(name))).toBeUndefined();
    }
  });

  it('with MD5 are refused, and so is who has no address', () => {
    for (const name of ['md5', 'unsalted_md5']) expect(moved.refusalOf(at(name))).toBe('unknown_hash');
    expect(moved.records.filter((record) => 'refused' in record)).toEqual([
      { at: expect.any(Number), foreignId: '41', refused: 'email_missing' },
    ]);
  });

  it('go on with their authenticator app, once it was confirmed and if its codes are of our form', async () => {
    expect(await logIn(app, at('with_app'), PASSWORDS.plain!)).toBe('totp');
    expect(await logInWithApp(app, at('with_app'), PASSWORDS.plain!, SECRET)).toBe(200);
    expect(await logIn(app, at('half_enrolled'), PASSWORDS.plain!)).toBe('200');
    expect(moved.read.get(at('eight_digits'))!.notes).toEqual(['second_factor_left_out']);
  });

  it('bring roles by their old names only, which are nothing here until they are mapped', async () => {
    expect(moved.read.get(at('editor'))!.user.roles).toEqual(['editors', 'staff', 'superuser']);
  });
});

describe('exports of Django', () => {
  it('of a user model of the project’s own are read by its fields, and its UUIDs are kept', async () => {
    const [record] = await readSample(djangoReader, 'django/custom-user.json');
    expect(record).toMatchObject({
      foreignId: '7f3c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
      user: { email: at('member'), name: 'Grace Hopper', createdAt: '2019-05-04T09:00:00.123Z', emailVerified: false },
    });
  });

  it('as CSV say the same as the dump', async () => {
    const ofDump = await readSample(djangoReader, 'django/dumpdata.json');
    const ofCsv = await readSample(djangoReader, 'django/auth_user.csv');
    expect(ofCsv).toHaveLength(5);
    for (const record of ofCsv) {
      const same = ofDump.find(({ foreignId }) => foreignId === record.foreignId)!;
      if ('refused' in record) expect(same).toMatchObject({ refused: record.refused });
      else if ('user' in same) {
        // Groups stand in another table.
        const { roles = [], ...user } = record.user;
        expect(same.user).toMatchObject(user);
        expect(same.user.roles).toEqual(expect.arrayContaining([...roles]));
      }
    }
  });
});
