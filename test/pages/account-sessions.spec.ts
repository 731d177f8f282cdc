import type { DataSource } from 'typeorm';
import { AuditFeed } from '../../src/audit/audit-feed.js';
import { AuditSink } from '../../src/audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { escapeHtml } from '../../src/kernel/escape-html.js';
import { LiveFeed } from '../../src/live/live-feed.js';
import { LiveStreams } from '../../src/live/live-streams.js';
import type { TestUser } from '../../src/testing/index.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import { EventStream } from './event-stream.js';
import type { PageVisitor } from './page-visitor.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const PAGE = '/account/sessions';

let database: TestDatabase;
let nodes: [PagesUnderTest, PagesUnderTest];

beforeAll(async () => {
  database = await freshDatabase();
  const options = { databaseUrl: database.url, authStrategies: ['session'] };
  nodes = [await bootPages({ ...options }), await bootPages({ ...options })];
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await database.drop();
});

type SignedIn = PageVisitor & { readonly user: TestUser };

/** A browser in which a new user has signed in. */
async function signedIn(node = nodes[0], roles: readonly string[] = []): Promise<SignedIn> {
  const user = await node.app.logIn({ changes: { roles } });
  return Object.assign(await node.as(user), { user });
}

/** Another browser of the same user, at the first node. @returns the id of its session */
async function signInWith(userAgent: string, { email, password }: TestUser): Promise<string> {
  const client = nodes[0].app.client({ 'user-agent': userAgent });
  await client.post('/auth/login', { email, password });
  return (await client.get('/auth/me')).body.session.id;
}

/** The same browser at another node. */
function atOther(browser: SignedIn): PageVisitor {
  const other = nodes[1].visitor();
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  return other;
}

const liveOf = (html: string) => /data-live="([^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&');
const keysOf = (html: string, rows = 'sessions') => {
  const body = new RegExp(`data-rows="${rows}">([\\s\\S]*?)</tbody>`).exec(html)![1]!;
  return [...body.matchAll(/data-key="([^"]+)"/g)].map(([, key]) => key!);
};
const goneIn = (id: string) => (event: { data: string }) => event.data.includes(id);

describe('the page of one’s own sessions', () => {
  it('lists each with device, place and proof, the current one marked', async () => {
    const browser = await signedIn();
    const other = await signInWith(FIREFOX, browser.user);
    const { status, html } = await browser.open(PAGE);
    expect(status).toBe(200);
    expect(keysOf(html).sort()).toEqual([browser.user.sessionId, other].sort());
    const rows = html.split('<tr data-key=').slice(1);
    const own = rows.find((row) => row.startsWith(`"${browser.user.sessionId}"`))!;
    const others = rows.find((row) => row.startsWith(`"${other}"`))!;
    expect(own).toContain('This browser');
    expect(others).not.toContain('This browser');
    expect(others).toContain('Firefox on Linux');
    expect(others).toContain('password');
    expect(others).toMatch(/127\.0\.0\.1|::1/);
  });

  it('ends one, which is over at once on every node, and says so', async () => {
    const browser = await signedIn();
    const other = await nodes[1].app.logInAgain(browser.user);
    await browser.open(PAGE);
    const shown = await browser.follow(await browser.submit({ id: other.sessionId }, `${PAGE}/end`));
    expect(shown.html).toContain('The session is signed out.');
    expect(keysOf(shown.html)).toEqual([browser.user.sessionId]);
    expect((await other.get('/auth/me')).status).toBe(401);
  });

  it('ends the current one: the browser has no ticket any more, and nothing to go back to', async () => {
    const browser = await signedIn();
    await browser.open(PAGE);
    const reply = await browser.submit({ id: browser.user.sessionId }, `${PAGE}/end`);
    expect([reply.status, reply.location, reply.headers.get('clear-site-data')]).toEqual([
      303,
      '/signed-out',
      '"cache"',
    ]);
    expect((await browser.open(PAGE)).location).toMatch(/^\/sign-in\?return=/);
  });

  it('ends all others after saying in numbers what that means', async () => {
    const browser = await signedIn();
    const others = [await nodes[0].app.logInAgain(browser.user), await nodes[1].app.logInAgain(browser.user)];
    expect((await browser.open(`${PAGE}/others`)).html).toContain('2 other sessions end at once.');
    expect((await browser.submit({}, `${PAGE}/others`)).location).toBe(PAGE);
    expect(keysOf((await browser.open(PAGE)).html)).toEqual([browser.user.sessionId]);
    for (const other of others) expect((await other.get('/auth/me')).status).toBe(401);
  });

  it('does not end another user’s session, nor one that is none', async () => {
    const [browser, stranger] = [await signedIn(), await signedIn()];
    await browser.open(PAGE);
    expect((await browser.submit({ id: stranger.user.sessionId }, `${PAGE}/end`)).status).toBe(404);
    await browser.open(PAGE);
    expect((await browser.submit({ id: 'none' }, `${PAGE}/end`)).status).toBe(400);
    expect((await stranger.open(PAGE)).status).toBe(200);
  });

  it('forgets a browser that is known, and none of another user', async () => {
    const [browser, stranger] = [await signedIn(), await signedIn()];
    const [device] = keysOf((await browser.open(PAGE)).html, 'devices');
    await stranger.open(PAGE);
    expect((await stranger.submit({ id: device! }, `${PAGE}/forget`)).status).toBe(404);
    await browser.open(PAGE);
    const shown = await browser.follow(await browser.submit({ id: device! }, `${PAGE}/forget`));
    expect(shown.html).toContain('The browser is forgotten.');
    expect(keysOf(shown.html, 'devices')).toEqual([]);
  });

  it('changes nothing by being read, and takes no form without its token', async () => {
    const browser = await signedIn();
    await browser.open(PAGE);
    const reply = await browser.send('POST', `${PAGE}/end`, { id: browser.user.sessionId });
    expect(reply.status).toBe(403);
    expect((await browser.open(PAGE)).status).toBe(200);
  });

  it.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "';alert(1)//", '<%= it.csrf %>'])(
    'shows a user agent such as %s as text',
    async (userAgent) => {
      const browser = await signedIn();
      await signInWith(userAgent, browser.user);
      const { html } = await browser.open(PAGE);
      expect(html).not.toMatch(/<script>alert|<img src=x/);
      expect(html).toContain(`<th scope="row">${escapeHtml(userAgent)}`);
    },
  );

  it('is for those who are signed in', async () => {
    expect((await nodes[0].visitor().open(PAGE)).location).toBe(`/sign-in?return=${encodeURIComponent(PAGE)}`);
  });
});

describe('live', () => {
  const streams: EventStream[] = [];
  const listen = async (...given: Parameters<typeof EventStream.open>) => {
    const stream = await EventStream.open(...given);
    streams.push(stream);
    return stream;
  };
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });

  it('a session that ends on one node is gone from an open page of another', async () => {
    const browser = await signedIn();
    const other = await nodes[0].app.logInAgain(browser.user);
    const elsewhere = atOther(browser);
    const stream = await listen(elsewhere, liveOf((await elsewhere.open(PAGE)).html));
    expect([stream.status, stream.contentType]).toEqual([200, 'text/event-stream; charset=utf-8']);
    await other.post('/auth/logout');
    const { event, data } = await stream.until(goneIn(other.sessionId));
    expect([event, JSON.parse(data)]).toEqual(['change', { gone: [other.sessionId] }]);
    expect(keysOf((await elsewhere.open(PAGE)).html)).toEqual([browser.user.sessionId]);
  });

  it('a reader who comes after the last one has left is told as well', async () => {
    const browser = await signedIn();
    const address = liveOf((await browser.open(PAGE)).html);
    const feed = nodes[0].app.app.get(LiveFeed, { strict: false });
    for (let i = 0; i < 2; i += 1) {
      const stream = await listen(browser, address);
      const other = await nodes[1].app.logInAgain(browser.user);
      await other.post('/auth/logout');
      await stream.until(goneIn(other.sessionId));
      stream.close();
      // Until the node has noticed.
      while (!feed.isIdle) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('a session that starts is told of too', async () => {
    const browser = await signedIn();
    const elsewhere = atOther(browser);
    const stream = await listen(elsewhere, liveOf((await elsewhere.open(PAGE)).html));
    const other = await nodes[0].app.logInAgain(browser.user);
    await stream.until(({ event }) => event === 'change');
    expect(keysOf((await elsewhere.open(PAGE)).html)).toContain(other.sessionId);
  });

  it('what happens between the page and its stream, and while a reader is cut off, is told of', async () => {
    const browser = await signedIn();
    const elsewhere = atOther(browser);
    const others = await Promise.all([1, 2, 3].map(() => nodes[0].app.logInAgain(browser.user)));
    const address = liveOf((await elsewhere.open(PAGE)).html);
    await others[0]!.post('/auth/logout');
    const first = await listen(elsewhere, address);
    await first.until(goneIn(others[0]!.sessionId));
    first.close();
    await others[1]!.post('/auth/logout');
    const again = await listen(elsewhere, address, first.lastId);
    await again.until(goneIn(others[1]!.sessionId));
    again.close();
    await others[2]!.post('/auth/logout');
    // On whichever node.
    const atFirst = await listen(browser, address, again.lastId);
    await atFirst.until(goneIn(others[2]!.sessionId));
    expect(atFirst.heard.some(goneIn(others[0]!.sessionId))).toBe(false);
  });

  it('a user hears of no other user', async () => {
    const [browser, stranger] = [await signedIn(), await signedIn()];
    const own = await nodes[0].app.logInAgain(browser.user);
    const stream = await listen(browser, liveOf((await browser.open(PAGE)).html));
    await stranger.user.post('/auth/logout');
    await own.post('/auth/logout');
    await stream.until(goneIn(own.sessionId));
    expect(stream.heard.some(goneIn(stranger.user.sessionId))).toBe(false);
  });

  it('an event that commits after later ones is not passed over, and comes once', async () => {
    const browser = await signedIn();
    const dataSource = nodes[0].app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const audit = nodes[0].app.app.get(AuditSink, { strict: false });
    const feed = nodes[0].app.app.get(AuditFeed, { strict: false });
    const start = await feed.position();
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await audit.record({ type: 'app.late', userId: browser.user.userId }, runner.manager);
    await audit.record({ type: 'app.early', userId: browser.user.userId });
    const own = (events: readonly { userId: string | null; type: string }[]) =>
      events.filter(({ userId }) => userId === browser.user.userId).map(({ type }) => type);
    const first = await feed.since(start, 100);
    expect(own(first.events)).toEqual(['app.early']);
    await runner.commitTransaction();
    await runner.release();
    const second = await feed.since(first.position, 100);
    expect(own(second.events)).toEqual(['app.late']);
    expect(own((await feed.since(second.position, 100)).events)).toEqual([]);
  });

  it('more events than are told make the page be read anew, and none of them comes again', async () => {
    const feed = nodes[0].app.app.get(AuditFeed, { strict: false });
    const audit = nodes[0].app.app.get(AuditSink, { strict: false });
    const start = await feed.position();
    await Promise.all([1, 2, 3].map(() => audit.record({ type: 'app.many' })));
    const { events, isCut, position } = await feed.since(start, 2);
    expect([events.length, isCut]).toEqual([2, true]);
    expect((await feed.since(position, 2)).events).toEqual([]);
  });

  it.each(['', 'none', '1:1:'])('a position that is none of ours (%j) has the page read anew', async (after) => {
    const browser = await signedIn();
    const stream = await listen(browser, `${PAGE}/live?after=${after}`);
    expect(await stream.until(() => true)).toEqual({ event: 'change', data: '{"gone":[]}' });
  });

  it('a stream ends with the session of its reader, also when that ends on another node', async () => {
    const browser = await signedIn();
    const elsewhere = atOther(browser);
    const stream = await listen(elsewhere, liveOf((await elsewhere.open(PAGE)).html));
    await browser.user.post('/auth/logout');
    await stream.ended.catch(() => undefined);
    expect((await elsewhere.send('GET', `${PAGE}/live`)).location).toMatch(/^\/sign-in/);
  });

  it('a user has five streams at most: another one ends the oldest', async () => {
    const browser = await signedIn();
    const address = liveOf((await browser.open(PAGE)).html);
    const all: EventStream[] = [];
    for (let i = 0; i < 6; i += 1) all.push(await listen(browser, address));
    expect((await all[0]!.until(({ event }) => event === 'over')).event).toBe('over');
    await all[0]!.ended;
    expect(all.slice(1).map(({ heard }) => heard.some(({ event }) => event === 'over'))).toEqual(
      new Array(5).fill(false),
    );
  });

  it('a node has fifty at most, ten of them for admins only, and asks nothing while there are none', async () => {
    const [{ app }] = nodes;
    const users = await Promise.all(Array.from({ length: 8 }, () => signedIn()));
    const address = liveOf((await users[0]!.open(PAGE)).html);
    for (const user of users) await Promise.all(Array.from({ length: 5 }, () => listen(user, address)));
    expect(app.app.get(LiveStreams, { strict: false }).size).toBe(40);
    const late = await signedIn();
    const refused = await late.send('GET', `${PAGE}/live`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60']);
    const admins = await Promise.all(Array.from({ length: 3 }, () => signedIn(nodes[0], ['admin'])));
    for (const admin of admins.slice(0, 2)) await Promise.all(Array.from({ length: 5 }, () => listen(admin, address)));
    expect(app.app.get(LiveStreams, { strict: false }).size).toBe(50);
    expect((await admins[2]!.send('GET', `${PAGE}/live`)).status).toBe(503);
    expect((await late.open(PAGE)).status).toBe(200);
  });
});

it('streams end when the node is stopped', async () => {
  const node = await bootPages({ databaseUrl: database.url });
  const browser = await node.as();
  const stream = await EventStream.open(browser, liveOf((await browser.open(PAGE)).html));
  await node.close();
  await stream.ended;
});
