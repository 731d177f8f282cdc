import { deviseReader } from '../../src/moving-in/devise/devise.reader.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { logIn, logInWithApp, type MovedIn, moveIn, PASSWORDS, readSample, storedUser } from './moving-user.js';

const PEPPER = 'a pepper that the application kept in its configuration';
const at = (name: string) => `${name}@devise.example`;

describe('users of Devise', () => {
  let app: AuthTestApp;
  let moved: MovedIn;
  let peppered: MovedIn;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'], importedBcryptPepper: PEPPER });
    moved = await moveIn(app, deviseReader, 'devise/users.json');
    peppered = await moveIn(app, deviseReader, 'devise/peppered.csv', { parameters: { peppered: 'true' } });
  });
  afterAll(() => app.close());

  it.each(['', 'peppered.'].flatMap((prefix) => Object.keys(PASSWORDS).map((name) => `${prefix}${name}`)))(
    'log in by their old password, with and without a pepper: %s',
    async (name) => {
      const password = PASSWORDS[name.replace('peppered.', '')]!;
      expect(await logIn(app, at(name), password.slice(1))).toBe('invalid_credentials');
      expect(await logIn(app, at(name), password)).toBe('200');
    },
  );

  it('have 72 bytes of their password count until their first login, as with bcrypt there', async () => {
    const again = await bootService({ authStrategies: ['session'] });
    await moveIn(again, deviseReader, 'devise/users.csv');
    const cut = Buffer.from(PASSWORDS.long!).subarray(0, 72).toString();
    expect(await logIn(again, at('long'), cut.slice(0, 71))).toBe('invalid_credentials');
    expect(await logIn(again, at('long'), PASSWORDS.long!)).toBe('200');
    expect(await logIn(again, at('long'), cut)).toBe('invalid_credentials');
    await again.close();
  });

  it('all came along', () => {
    expect([moved.refused, peppered.refused]).toEqual([[], []]);
  });

  it('are verified when they were confirmed', async () => {
    expect((await storedUser(app, at('plain'))).verifiedAt).not.toBeNull();
    expect(await storedUser(app, at('unconfirmed'))).toMatchObject({ verifiedAt: null });
    expect(moved.read.get(at('moving'))!.notes).toEqual(['address_change_left_out']);
    expect((await storedUser(app, at('plain'))).createdAt).toEqual(new Date('2019-05-04T09:00:00Z'));
  });

  it('who were locked stay out, for good or until the lock ends by itself', async () => {
    expect(await storedUser(app, at('locked'))).toMatchObject({ banReason: 'locked in Devise', bannedUntil: null });
    expect(await logIn(app, at('locked'), PASSWORDS.plain!)).toBe('user_banned');
    const records = await readSample(deviseReader, 'devise/users.json', { parameters: { unlockIn: '3600' } });
    const locked = records.find((record) => 'user' in record && record.user.email === at('locked'));
    expect(locked).toMatchObject({ user: { banned: true, bannedUntil: '2019-05-05T10:00:00.000Z' } });
  });

  it('without a password have none here', () => {
    expect(moved.read.get(at('invited'))!.user).not.toHaveProperty('passwordHash');
  });

  it('go on with their authenticator app, unless Rails has encrypted its secret', async () => {
    expect(await logInWithApp(app, at('with_app'), PASSWORDS.plain!, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toBe(200);
    expect(moved.read.get(at('app_of_rails_7'))!.notes).toEqual(['second_factor_left_out']);
  });

  it('are the same in CSV as in JSON', async () => {
    for (const name of ['users', 'peppered']) {
      const [json, csv] = await Promise.all(
        ['json', 'csv'].map((form) => readSample(deviseReader, `devise/${name}.${form}`)),
      );
      const withoutPlace = (records: typeof json) => records!.map(({ at: _at, ...record }) => record);
      expect(withoutPlace(csv)).toEqual(withoutPlace(json));
    }
  });
});
