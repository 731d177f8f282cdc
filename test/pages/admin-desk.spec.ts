import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { ActingUser } from '../../src/testing/index.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import { Receiver } from '../webhooks/receiver.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

const SECRETS = {
  secretKey: randomBytes(32).toString('base64url'),
  webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
};

const receiver = new Receiver();
let pages: PagesUnderTest;
let admin: PageVisitor & { readonly user: ActingUser };

beforeAll(async () => {
  await receiver.open();
  pages = await bootPages({
    authStrategies: ['session', 'jwt', 'api-key'],
    secretKey: SECRETS.secretKey,
    webhooks: [`siem=${receiver.url}/hook/secret-path`],
    webhookSecrets: [`siem=${SECRETS.webhookSecret}`],
    webhookInternalAddresses: ['127.0.0.1'],
  });
  admin = await pages.as(await pages.app.logIn({ changes: { roles: ['admin'] }, strategy: 'session' }));
});
afterAll(async () => {
  await pages.close();
  receiver.close();
});

describe('the audit log', () => {
  it('shows what its filters ask for, counted by the hour', async () => {
    const user = await pages.app.logIn({});
    await admin.user.post(`/admin/users/${user.userId}/ban`, { reason: 'spam' });
    const { html } = await admin.open(`/admin/ui/audit?type=user.&userId=${user.userId}&actorId=&ip=&from=&to=`);
    expect(html).toContain('<span class="code">user.banned</span>');
    expect(html).not.toContain('<span class="code">login.succeeded</span>');
    expect(html).toContain('Events an hour');
    const byActor = await admin.open(`/admin/ui/audit?actorId=${admin.user.userId}&type=user.banned`);
    expect(byActor.html).toContain(`href="/admin/ui/users/${user.userId}"`);
    expect((await admin.open('/admin/ui/audit?ip=203.0.113.99')).html).toContain('No events.');
    const unfiltered = await admin.open('/admin/ui/audit');
    expect(unfiltered.html).not.toContain('undefined');
    expect(unfiltered.html).toContain('href="/admin/ui/audit/export"');
  });

  it.each(['userId=x', 'actorId=1', 'ip=nowhere', 'type=%20!', 'from=soon', 'to=2026-13-40T00%3A00'])(
    'marks a filter that it cannot read: %s',
    async (query) => {
      const { status, html } = await admin.open(`/admin/ui/audit?${query}`);
      expect(status).toBe(400);
      expect(html).toContain(`id="${query.split('=')[0]}-wrong"`);
    },
  );

  it('takes times as UTC', async () => {
    const hour = pages.app.clock.now().toISOString().slice(0, 13);
    const within = await admin.open(`/admin/ui/audit?from=${hour}%3A00`);
    expect(within.html).toContain('<th scope="row"><span class="code">');
    const before = await admin.open(`/admin/ui/audit?to=2001-01-01T00%3A00`);
    expect(before.html).toContain('No events.');
  });

  it('is downloaded as the list shows it, and that is an event itself', async () => {
    const { status, headers, html } = await admin.open('/admin/ui/audit/export?type=user.banned');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.ndjson"$/);
    const types = html
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(new Set(types)).toEqual(new Set(['user.banned']));
    expect((await admin.open('/admin/ui/audit?type=audit.exported')).html).toContain('audit.exported');
    expect((await admin.open('/admin/ui/audit/export?userId=x')).status).toBe(400);
  });

  it('is not downloaded because a page of another site leads there, and nothing is recorded', async () => {
    const recorded = async () =>
      (await admin.open('/admin/ui/audit?type=audit.exported')).html.split('audit.exported').length;
    const before = await recorded();
    for (const site of ['cross-site', 'same-site']) {
      const reply = await admin.send('GET', '/admin/ui/audit/export', undefined, { 'sec-fetch-site': site });
      expect([site, reply.status]).toEqual([site, 403]);
    }
    expect(await recorded()).toBe(before);
    const typed = await admin.send('GET', '/admin/ui/audit/export', undefined, { 'sec-fetch-site': 'none' });
    expect(typed.status).toBe(200);
    expect(await recorded()).toBeGreaterThan(before);
  });
});

it('the configuration shows what is in force, and no secret', async () => {
  const { html } = await admin.open('/admin/ui/configuration');
  expect(html).toContain('SESSION_IDLE_SECONDS');
  expect(html).toContain(`<span class="code">${pages.url}</span>`);
  for (const secret of [...Object.values(SECRETS), 'secret-path', 'postgres://', 'postgresql://'])
    expect({ secret, isShown: html.includes(secret) }).toEqual({ secret, isShown: false });
});

describe('invitations', () => {
  it('are sent, listed and withdrawn', async () => {
    await admin.open('/admin/ui/invitations');
    const sent = await admin.submit({ email: ' grace@example.com ', name: 'Grace', roles: 'editor' });
    const { html } = await admin.follow(sent);
    expect(html).toContain('The invitation to grace@example.com is on its way.');
    const id = /invitations\/([0-9a-f-]{36})\/withdraw/.exec(html)![1];
    expect(await pages.app.mailedToken('grace@example.com')).toBeTruthy();
    await admin.submit({}, `/admin/ui/invitations/${id}/withdraw`);
    expect((await admin.open('/admin/ui/invitations')).html).toContain('No invitations are open.');
  });

  it('to a person who is a user already are refused, with what was typed', async () => {
    await admin.open('/admin/ui/invitations');
    const { status, html } = await admin.submit({ email: String(admin.user.email), name: 'typed', roles: '' });
    expect(status).toBe(409);
    expect(html).toContain('There is a user with this address already.');
    expect(html).toContain('value="typed"');
    expect((await admin.submit({ email: 'no address', name: '', roles: '' })).status).toBe(400);
  });
});

describe('signing keys', () => {
  it('are rotated, and withdrawn when one has leaked', async () => {
    const kids = async () =>
      [...(await admin.open('/admin/ui/keys')).html.matchAll(/<th scope="row"><span class="code">([^<]+)/g)].map(
        ([, kid]) => kid,
      );
    const [first] = await kids();
    await admin.submit({}, '/admin/ui/keys/rotate');
    const rotated = await kids();
    expect(rotated).toHaveLength(2);
    expect(rotated).toContain(first);
    const { html } = await admin.open('/admin/ui/keys/withdraw');
    expect(html).toContain('This withdraws 2 keys.');
    await admin.submit();
    const after = await kids();
    expect(after).toHaveLength(1);
    expect(rotated).not.toContain(after[0]);
  });
});

describe('webhooks', () => {
  it('are listed without what may be a secret in their address', async () => {
    const { html } = await admin.open('/admin/ui/webhooks');
    expect(html).toContain(receiver.url);
    expect(html).not.toContain('secret-path');
  });

  it('get a signed test, and the page says how they answered', async () => {
    for (const [status, text] of [
      [204, 'siem accepted the test with status 204.'],
      [500, 'siem refused the test with status 500.'],
    ] as const) {
      receiver.status = status;
      await admin.open('/admin/ui/webhooks');
      expect((await admin.submit({}, '/admin/ui/webhooks/test')).html).toContain(text);
    }
    receiver.status = 204;
    const tests = receiver.received.filter(({ body }) => JSON.parse(body).type === 'webhook.test');
    expect(tests).toHaveLength(2);
    expect(tests.map(({ headers }) => headers['webhook-signature'])).not.toContain(undefined);
  });

  it('the JSON routes say the same, and know no other webhook', async () => {
    const { body } = await admin.user.get('/admin/webhooks');
    expect(body.webhooks).toMatchObject([{ name: 'siem', origin: receiver.url, dead: 0 }]);
    const tested = await admin.user.post('/admin/webhooks/test', { destination: 'siem' });
    expect([tested.status, tested.body]).toEqual([200, { delivered: true, status: 204, error: null }]);
    expect((await admin.user.post('/admin/webhooks/test', { destination: 'other' })).status).toBe(404);
    expect((await admin.user.post('/admin/webhooks/test', {})).status).toBe(400);
  });

  it('each reason why events could not be delivered is said once', async () => {
    const dataSource = pages.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    // Four events, whichever tests ran before.
    for (let n = 0; n < 4; n += 1) await admin.user.post('/admin/webhooks/test', { destination: 'siem' });
    await pages.app.app.get(WebhookWorker, { strict: false }).deliverDue();
    // What was sent while the receiver refused is one of those that wait.
    await dataSource.query(`DELETE FROM coatcheck.audit_outbox WHERE destination = 'siem'`);
    await dataSource.query(
      `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until, last_error)
       SELECT id, 'siem', 2, $1::timestamptz + interval '1 hour', now(), CASE WHEN n < 3 THEN 'status 500' ELSE 'status 503' END
         FROM (SELECT id, row_number() OVER (ORDER BY id DESC) - 1 AS n FROM coatcheck.audit_events ORDER BY id DESC LIMIT 4) events`,
      [pages.app.clock.now()],
    );
    const { html } = await admin.open('/admin/ui/webhooks');
    expect(html.match(/\d+ events?: status \d+/g)).toEqual(['1 event: status 503', '3 events: status 500']);
    await dataSource.query(`DELETE FROM coatcheck.audit_outbox WHERE last_error LIKE 'status 50%'`);
  });

  it('what was given up is shown, its errors as text, and delivered again', async () => {
    const dataSource = pages.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    await pages.app.app.get(WebhookWorker, { strict: false }).deliverDue();
    await dataSource.query(
      `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until, last_error, dead_at)
       SELECT id, 'siem', 10, now(), now(), '<script>alert(1)</script>', now() FROM coatcheck.audit_events ORDER BY id LIMIT 3
       ON CONFLICT (event_id, destination) DO UPDATE SET dead_at = now(), last_error = excluded.last_error`,
    );
    const { html } = await admin.open('/admin/ui/webhooks');
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).not.toContain('<script>alert');
    const { html: after } = await admin.follow(await admin.submit({}, '/admin/ui/webhooks/revive'));
    expect(after).toContain('3 events are delivered again.');
    expect(after).not.toContain('Events that were given up');
  });
});

it('pages speak German', async () => {
  for (const [path, title] of [
    ['users', 'Benutzer'],
    ['audit', 'Protokoll'],
    ['webhooks', 'Webhooks'],
    ['configuration', 'Konfiguration'],
    ['keys', 'Schlüssel und Zertifikate'],
    ['invitations', 'Einladungen'],
    [`users/${admin.user.userId}/log`, ''],
  ]) {
    const { html, status } = await admin.open(`/admin/ui/${path}`, { 'accept-language': 'de' });
    expect({ path, status, isGerman: html.includes('<html lang="de"') && html.includes(`<h1>${title}`) }).toEqual({
      path,
      status: 200,
      isGerman: true,
    });
  }
});

it('everything ends only for who types their own address, and says before how much that is', async () => {
  const user = await pages.app.logIn({});
  const { html } = await admin.open('/admin/ui/end-everything');
  expect(html).toMatch(/<strong>\d+ sessions<\/strong>/);
  expect((await admin.submit({ typed: user.email })).status).toBe(400);
  expect((await user.get('/auth/me')).status).toBe(200);
  const done = await admin.submit({ typed: String(admin.user.email) });
  expect(done.location).toBe('/sign-in');
  expect((await user.get('/auth/me')).status).toBe(401);
  expect((await admin.open('/admin/ui/users')).status).toBe(303);
});
