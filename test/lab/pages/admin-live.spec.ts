import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import { EventListeners } from '../../../src/events/event-listeners.js';
import { MeasurementWriter } from '../../../src/measurements/measurement-writer.js';
import type { TestUser } from '../../../src/testing/index.js';
import { bootPages, type PagesUnderTest, signInAs } from '../../pages/boot-pages.js';
import { Chromium, inChromium } from '../../pages/browser.js';
import { EventStream } from '../../pages/event-stream.js';
import type { PageVisitor } from '../../pages/page-visitor.js';
import { freshDatabase, type TestDatabase } from '../../real-postgres.js';

const SESSIONS = '/admin/ui/sessions';
const OVERVIEW = '/admin/ui';
const XSS = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>'];

let database: TestDatabase;
let nodes: [PagesUnderTest, PagesUnderTest];
let admin: TestUser;

beforeAll(async () => {
  database = await freshDatabase();
  const options = { databaseUrl: database.url, authStrategies: ['session'] };
  nodes = [await bootPages({ ...options }), await bootPages({ ...options })];
  admin = await nodes[0].app.logIn({ changes: { roles: ['admin'] } });
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await database.drop();
});

const desk = (node = nodes[0]): Promise<PageVisitor> => node.as(admin);
const query = (sql: string, values: unknown[] = []) =>
  nodes[0].app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);
const liveOf = (html: string) => /data-live="([^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&');
const keysOf = (html: string) => [...html.matchAll(/<tr data-key="([^"]+)"/g)].map(([, key]) => key!);

describe('the page of everyone’s sessions', () => {
  it('lists the latest first, with a link to the user of each', async () => {
    const users: TestUser[] = [];
    for (let i = 0; i < 2; i += 1) {
      for (const { app } of nodes) app.clock.advance(60);
      users.push(await nodes[0].app.logIn());
    }
    const { status, html } = await (await desk()).open(SESSIONS);
    expect(status).toBe(200);
    expect(keysOf(html).slice(0, 2)).toEqual([users[1]!.sessionId, users[0]!.sessionId]);
    expect(html).toContain(`<a href="/admin/ui/users/${users[0]!.userId}">${users[0]!.email}</a>`);
  });

  it('has each session on one page, however many there are', async () => {
    const [{ now }] = await query('SELECT max(created_at) AS now FROM coatcheck.sessions');
    const [{ user_id: userId }] = await query('SELECT user_id FROM coatcheck.sessions WHERE id = $1', [
      admin.sessionId,
    ]);
    await query(
      `INSERT INTO coatcheck.sessions (id, user_id, epoch_sum, strategy, created_at, authenticated_at, last_seen_at, idle_expires_at, absolute_expires_at, amr)
       SELECT gen_random_uuid(), $1, epoch_sum, 'session', $2::timestamptz - n * interval '1 second', $2, $2, $2::timestamptz + interval '1 day', $2::timestamptz + interval '1 day', '{pwd}'
         FROM generate_series(1, 120) AS n, (SELECT epoch_sum FROM coatcheck.sessions WHERE id = $3) AS own`,
      [userId, now, admin.sessionId],
    );
    const browser = await desk();
    const seen: string[] = [];
    for (let path: string | null = SESSIONS; path; ) {
      const { html }: { html: string } = await browser.open(path);
      seen.push(...keysOf(html));
      path = /href="([^"]*\?cursor=[^"]+)"/.exec(html)?.[1] ?? null;
    }
    const [{ live }] = await query(
      'SELECT count(*)::integer AS live FROM coatcheck.sessions WHERE ended_at IS NULL AND idle_expires_at > $1',
      [nodes[0].app.clock.now()],
    );
    expect([seen.length, new Set(seen).size]).toEqual([live, live]);
    await query(`DELETE FROM coatcheck.sessions WHERE secret_hash IS NULL`);
  });

  it('ends a session at once on every node, and names the admin', async () => {
    const user = await nodes[1].app.logIn();
    const browser = await desk();
    await browser.open(SESSIONS);
    const shown = await browser.follow(await browser.submit({ id: user.sessionId }, `${SESSIONS}/end`));
    expect(shown.html).toContain('The session has ended on every node.');
    expect(keysOf(shown.html)).not.toContain(user.sessionId);
    expect((await user.get('/auth/me')).status).toBe(401);
    const [event] = await query(
      `SELECT actor_id FROM coatcheck.audit_events WHERE session_id = $1 AND type = 'session.revoked'`,
      [user.sessionId],
    );
    expect(event.actor_id).toBe(admin.userId);
  });

  it('tells of sessions that come and go on another node', async () => {
    const browser = await desk();
    const stream = await EventStream.open(browser, liveOf((await browser.open(SESSIONS)).html));
    const user = await nodes[1].app.logIn();
    await stream.until(({ event }) => event === 'change');
    expect(keysOf((await browser.open(SESSIONS)).html)).toContain(user.sessionId);
    await user.post('/auth/logout');
    await stream.until(({ data }) => data.includes(user.sessionId));
    stream.close();
  });

  it.each(XSS)('shows a name or a user agent such as %s as text', async (text) => {
    const user = await nodes[0].app.logIn();
    await query('UPDATE coatcheck.users SET name = $2, email = $3 WHERE id = $1', [
      user.userId,
      text,
      `${user.userId}@x`,
    ]);
    await query('UPDATE coatcheck.sessions SET user_agent = $2 WHERE id = $1', [user.sessionId, text]);
    const { html } = await (await desk()).open(SESSIONS);
    expect(html).not.toMatch(/<script>alert|<img src=x/);
    expect(html).toContain('&lt;');
  });

  it.each([SESSIONS, `${SESSIONS}/live`, OVERVIEW, `${OVERVIEW}/live`])('%s is for admins', async (path) => {
    expect((await nodes[0].visitor().open(path)).location).toMatch(/^\/sign-in/);
    expect((await (await nodes[0].as()).open(path)).status).toBe(403);
  });

  it('takes no invented cursor', async () => {
    expect((await (await desk()).open(`${SESSIONS}?cursor=nonsense`)).status).toBe(400);
  });
});

describe('the overview', () => {
  it('shows how the nodes, the store and the queues are', async () => {
    const { status, html } = await (await desk()).open(OVERVIEW);
    expect(status).toBe(200);
    expect(html).toMatch(/<strong>2 on lease<\/strong>/);
    expect(html).toMatch(/postgres<\/strong> <span class="badge is-good">answers/);
    expect(html).toContain('<dt>E-mail queue</dt>');
  });

  it('counts what waits and what was given up', async () => {
    const now = nodes[0].app.clock.now();
    await query(
      `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until, dead_at)
       VALUES (gen_random_uuid(), 'siem', 10, $1, $1, $1)`,
      [now],
    );
    expect((await (await desk()).open(OVERVIEW)).html).toContain('1 given up');
    await query('DELETE FROM coatcheck.audit_outbox');
  });

  it.each(['hour', 'day', 'week', 'month', 'year'])(
    'plots what was measured in the last %s, with the same numbers as a table',
    async (span) => {
      for (const { app } of nodes) app.clock.advance(60);
      await nodes[0].app.app.get(EventListeners, { strict: false }).settled();
      await nodes[0].app.app.get(MeasurementWriter, { strict: false }).write();
      const { status, html } = await (await desk()).open(`${OVERVIEW}?span=${span}`);
      expect(status).toBe(200);
      expect(html).toContain('Logins a minute');
      expect(html).toMatch(/<svg class="plot-area"[^>]* aria-label="succeeded: latest /);
      expect(html).not.toMatch(/ style=|<style|<script(?! type="module" src=)/);
    },
  );

  it('knows no other span', async () => {
    expect((await (await desk()).open(`${OVERVIEW}?span=century`)).status).toBe(400);
  });
});

inChromium('live pages in a browser', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await Chromium.start();
  });

  it('a row goes while the page is open, without a reload, and what has the focus keeps it', async () => {
    const [first, second] = [await nodes[1].app.logIn(), await nodes[1].app.logIn()];
    const window = await chromium.open(nodes[0].url);
    await signInAs(admin, window.context, nodes[0].url);
    expect(await window.goto(SESSIONS)).toBe(200);
    await window.page.waitForFunction(
      `document.querySelector('[data-live-status]').textContent.includes('updates itself')`,
    );
    await window.page.evaluate('window.mark = 1');
    await window.page.focus(`tr[data-key="${second.sessionId}"] button`);
    await first.post('/auth/logout');
    await window.page.waitForSelector(`tr[data-key="${first.sessionId}"]`, { state: 'detached' });
    const third = await nodes[1].app.logIn();
    await window.page.waitForSelector(`tr[data-key="${third.sessionId}"]`);
    expect(await window.page.evaluate(`[window.mark, document.activeElement.closest('tr').dataset.key]`)).toEqual([
      1,
      second.sessionId,
    ]);
    expect(window.complaints).toEqual([]);
    await window.close();
  });

  it.each([SESSIONS, OVERVIEW, '/account/sessions'])(
    'axe finds nothing on %s, in either scheme, at either width',
    async (path) => {
      const window = await chromium.open(nodes[0].url);
      await signInAs(admin, window.context, nodes[0].url);
      await window.goto(path);
      expect(await window.axeEverywhere()).toEqual([]);
      expect(await window.overflow(360)).toEqual([]);
      expect(await window.overflow(320)).toEqual([]);
      expect(window.complaints).toEqual([]);
      const shots = process.env.SHOTS;
      if (shots) {
        for (const width of [1200, 360]) {
          await window.page.setViewportSize({ width, height: 900 });
          await window.page.screenshot({ path: `${shots}/${path.replaceAll('/', '_')}-${width}.png`, fullPage: true });
        }
      }
      await window.close();
    },
  );

  it('without scripts the pages are whole, and say how to see what has changed', async () => {
    const window = await chromium.open(nodes[0].url, { scripts: false });
    await signInAs(admin, window.context, nodes[0].url);
    for (const path of [SESSIONS, OVERVIEW, '/account/sessions']) {
      await window.goto(path);
      expect(await window.text()).toContain('Reload the page to see what has changed.');
    }
    expect(window.complaints).toEqual([]);
    await window.close();
  });
});
