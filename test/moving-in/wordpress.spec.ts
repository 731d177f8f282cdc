import { wordpressReader } from '../../src/moving-in/wordpress/wordpress.reader.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { logIn, type MovedIn, moveIn, PASSWORDS, proveAllMailboxes, readSample, storedUser } from './moving-user.js';

const at = (name: string) => `${name}@wordpress.example`;

describe('users of WordPress', () => {
  let app: AuthTestApp;
  let moved: MovedIn;
  let network: MovedIn;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] });
    const companions = { usermeta: 'wordpress/wp_usermeta.csv' };
    moved = await moveIn(app, wordpressReader, 'wordpress/wp_users.csv', { companions });
    network = await moveIn(app, wordpressReader, 'wordpress/network.json');
  });
  afterAll(() => app.close());

  it('are not verified', async () => {
    expect(await storedUser(app, at('phpass.plain'))).toMatchObject({ verifiedAt: null });
    await proveAllMailboxes(app);
  });

  it.each(['phpass', 'bcrypt'].flatMap((form) => Object.keys(PASSWORDS).map((name) => [form, name])))(
    'log in by their old password, hashed by %s: %s',
    async (form, name) => {
      expect(await logIn(app, at(`${form}.${name}`), `${PASSWORDS[name]}.`)).toBe('invalid_credentials');
      expect(await logIn(app, at(`${form}.${name}`), PASSWORDS[name]!)).toBe('200');
    },
  );

  it.each([
    ['vanilla.quotes', 'quotes'],
    ['vanilla.spaces', 'spaces'],
    ['argon2.spaces', 'spaces'],
    // Set by WP-CLI, which adds no slashes.
    ['phpass.unslashed', 'quotes'],
    ['bcrypt.unslashed', 'quotes'],
  ])('log in by what other parts of WordPress have stored: %s', async (user, name) => {
    expect(await logIn(app, at(user), PASSWORDS[name]!)).toBe('200');
  });

  it('keep when they registered, unless nobody knows', async () => {
    expect(await storedUser(app, at('phpass.plain'))).toMatchObject({
      name: 'Ada Lovelace',
      createdAt: new Date('2019-05-02T09:00:00Z'),
    });
    expect(moved.read.get(at('undated'))!.user).not.toHaveProperty('createdAt');
    expect(moved.refusalOf(at('undated'))).toBeUndefined();
  });

  it('of a network stay out as spam or deleted', async () => {
    expect(network.imported).toBe(3);
    expect(await storedUser(app, at('spammer'))).toMatchObject({ banReason: 'marked as spam in WordPress' });
    expect(await storedUser(app, at('deleted'))).toMatchObject({ banReason: 'deleted in WordPress' });
    for (const name of ['spammer', 'deleted']) expect(await logIn(app, at(name), PASSWORDS.plain!)).toBe('user_banned');
    expect(await logIn(app, at('member'), PASSWORDS.plain!)).toBe('200');
  });

  it('with plain MD5 are refused, and so is who has no address; who has no password has none here', () => {
    expect(moved.refusalOf(at('ancient'))).toBe('unknown_hash');
    expect(moved.records.filter((record) => 'refused' in record)).toMatchObject([{ refused: 'email_missing' }]);
    expect(moved.refusalOf(at('without_password'))).toBeUndefined();
  });

  it('bring their roles by name, of the table of meta data or of wp-cli’s list', async () => {
    expect(moved.read.get(at('editor'))!.user.roles).toEqual(['editor']);
    expect(moved.read.get(at('nobody'))!.user.roles).toEqual([]);
    const listed = await readSample(wordpressReader, 'wordpress/wp-user-list.json');
    expect(listed).toMatchObject(Array(3).fill({ user: { roles: ['subscriber'] } }));
  });

  it('bring the secret of the plugin “Two Factor” where it is in use', async () => {
    const given = (name: string) => moved.read.get(at(name))!;
    expect(given('with_app').user.factors).toEqual({ totp: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' } });
    expect(given('with_app').notes).toEqual(['recovery_codes_left_out']);
    expect(given('with_mailed_code')).toMatchObject({ notes: ['second_factor_left_out'] });
    expect(given('with_mailed_code').user).not.toHaveProperty('factors');
    expect(await logIn(app, at('with_app'), PASSWORDS.plain!)).toBe('totp');
  });

  it('exported by phpMyAdmin are the rows of its table', async () => {
    const records = await readSample(wordpressReader, 'wordpress/phpmyadmin.json');
    expect(records.map((record) => 'user' in record && record.user.email)).toEqual(
      ['member', 'spammer', 'deleted'].map(at),
    );
  });
});
