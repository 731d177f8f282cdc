import { UserStore } from '../../src/users/user.store.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

describe('usernames on pages', () => {
  let pages: PagesUnderTest;
  beforeAll(async () => {
    pages = await bootPages({ usernames: true, mailsPerAddress: 5 });
  });
  afterAll(() => pages.close());

  const PATH = '/account/username';
  const me = async (visitor: PageVisitor) => (await visitor.open('/auth/me')).status;
  /** A browser in which a new user has signed in, and the user. */
  const signedIn = async () => {
    const user = await pages.app.logIn({ strategy: 'session' });
    return { user, visitor: await pages.as(user) };
  };
  const choose = async (visitor: PageVisitor, username: string) => {
    await visitor.open(PATH);
    return visitor.submit({ username }, PATH);
  };
  const signIn = async (email: string, password: string) => {
    const visitor = pages.visitor();
    await visitor.open('/sign-in');
    return { visitor, reply: await visitor.submit({ email, password }, '/sign-in') };
  };

  it('are chosen in the account, sign in like the address, and can be given up', async () => {
    const { user, visitor } = await signedIn();
    expect((await visitor.open('/account')).html).toContain(`href="${PATH}"`);
    const chosen = await choose(visitor, 'Ada.Of-Pages');
    expect([chosen.status, chosen.location]).toEqual([303, PATH]);
    expect((await visitor.open(PATH)).html).toContain('value="Ada.Of-Pages"');
    for (const name of ['ada.of-pages', user.email]) {
      const { visitor: other, reply } = await signIn(name, user.password);
      expect([reply.status, await me(other)]).toEqual([303, 200]);
    }
    await visitor.open(PATH);
    expect((await visitor.submit({}, `${PATH}/remove`)).status).toBe(303);
    const { visitor: late, reply } = await signIn('ada.of-pages', user.password);
    expect([reply.status, await me(late)]).toEqual([401, 401]);
  });

  it('one that is taken, and one that is none, are told on the page, which keeps what was typed', async () => {
    const { visitor: first } = await signedIn();
    await choose(first, 'page-owner');
    const { user, visitor } = await signedIn();
    const taken = await choose(visitor, 'PAGE-OWNER');
    expect([taken.status, taken.html]).toEqual([409, expect.stringContaining('taken or cannot be chosen')]);
    expect(taken.html).toContain('value="PAGE-OWNER"');
    const none = await choose(visitor, 'ada@example.com');
    expect([none.status, none.html]).toEqual([400, expect.stringContaining('Use 3 to 32 letters')]);
    expect((await user.get('/auth/username')).body).toEqual({ username: null });
  });

  it('an unknown name is refused as a wrong password is, and the page says no more', async () => {
    const { user, visitor } = await signedIn();
    await choose(visitor, 'known.on-page');
    const plain = (html: string) => html.replace(/value="[^"]*"/g, '');
    const wrong = (await signIn('known.on-page', 'never this one')).reply;
    const unknown = (await signIn('nobody-has-it', 'never this one')).reply;
    expect([wrong.status, plain(wrong.html)]).toEqual([unknown.status, plain(unknown.html)]);
    expect(wrong.status).toBe(401);
    expect((await user.get('/auth/username')).body).toEqual({ username: 'known.on-page' });
  });

  it('have their address mailed to as seldom as if it was typed itself, in whatever spelling', async () => {
    const { user, visitor } = await signedIn();
    await choose(visitor, 'mailed-to');
    await pages.app.app.get(UserStore, { strict: false }).update(user.userId, { emailVerifiedAt: null });
    const ask = async (email: string) => {
      const other = pages.visitor();
      await other.open('/sign-in/verification');
      return (await other.submit({ email })).status;
    };
    const asked = async (names: string[]) => {
      const replies: number[] = [];
      for (const name of names) replies.push(await ask(name));
      return replies;
    };
    const spellings = (name: string) => [name, name.toUpperCase(), ` ${name}`, `${name} `];
    for (const [name, more] of [
      ['mailed-to', user.email],
      ['no-such-name', 'NO-such-name'],
    ] as const) {
      expect(await asked([...spellings(name), more])).toEqual(Array(5).fill(303));
      expect(await asked([name, more, `${name[0]!.toUpperCase()}${name.slice(1)}`])).toEqual(Array(3).fill(429));
    }
    const byRoute = await pages.app.client().post('/auth/email/verification', { email: user.email });
    expect([byRoute.status, byRoute.body.code]).toEqual([429, 'rate_limited']);
    expect(await pages.app.mails(user.email)).toHaveLength(5);
  });

  it('change after a fresh proof only', async () => {
    const { visitor } = await signedIn();
    pages.app.clock.advance(3600);
    const late = await choose(visitor, 'late-one');
    expect([late.status, late.location]).toEqual([303, expect.stringMatching(/^\/confirm/)]);
  });
});

describe('without usernames', () => {
  let pages: PagesUnderTest;
  beforeAll(async () => {
    pages = await bootPages({});
  });
  afterAll(() => pages.close());

  it('the sign-in page asks for an address, and nothing leads to a page of names', async () => {
    const user = await pages.app.logIn({ strategy: 'session' });
    const visitor = await pages.as(user);
    expect((await visitor.open('/account/username')).status).toBe(404);
    expect((await visitor.open('/account')).html).not.toContain('/account/username');
    const other = pages.visitor();
    expect((await other.open('/sign-in')).html).toContain('type="email"');
    const reply = await other.submit({ email: 'ada.king', password: 'never this one' }, '/sign-in');
    expect([reply.status, reply.html]).toEqual([400, expect.stringContaining('e-mail address')]);
  });
});
