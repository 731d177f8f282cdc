import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import { BotCheck, type BotCheckRequest } from '../../src/limits/bot-check.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { MailboxPolicy, type MailboxUse } from '../../src/users/mailbox-policy.js';
import { type RegistrationAttempt, RegistrationPolicy } from '../../src/users/registration-policy.js';
import { bootHost } from '../boot-host.js';

const PASSWORD = 'an engine weaves algebra';
let counter = 0;
const fresh = (domain = 'example.com') => `policy-${++counter}@${domain}`;
const register = (app: AuthTestApp, email: string) =>
  app.client().post('/auth/register', { email, password: PASSWORD });

describe('mailboxes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domains-'));
  const file = join(folder, 'disposable.txt');
  let app: AuthTestApp;
  beforeAll(async () => {
    writeFileSync(file, '\uFEFF# mine\r\nthrowaway.example\r\n\r\nbücher.example\r\n');
    const options = { registrationDomains: ['Example.com', 'throwaway.example', 'bücher.example'] };
    app = await bootHost({ options: { ...options, refusedMailDomainsFile: file } });
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  it('at other domains are refused at registration, taken or not, and the answer says which there are', async () => {
    const admin = await app.logIn({ email: fresh(), changes: { roles: ['admin'] } });
    const elsewhere = fresh('elsewhere.example');
    expect((await admin.post('/admin/users', { email: elsewhere, password: PASSWORD })).status).toBe(201);
    const replies = [];
    for (const email of [elsewhere, fresh('elsewhere.example'), fresh('sub.example.com')]) {
      const { status, body } = await register(app, email);
      replies.push({ status, errors: body.errors });
    }
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(replies[0]).toEqual({
      status: 400,
      errors: [{ field: 'email', rule: 'domainAllowed', message: expect.stringContaining('example.com or ') }],
    });
    expect((await register(app, fresh('EXAMPLE.com'))).status).toBe(202);
  });

  it('of the list of disposable domains are refused, with all below them, in either spelling', async () => {
    const open = await bootHost({ options: { refusedMailDomainsFile: file } });
    for (const domain of ['throwaway.example', 'a.b.throwaway.example', 'bücher.example', 'xn--bcher-kva.example']) {
      const { status, body } = await register(open, fresh(domain));
      expect([domain, status, body.errors?.[0].rule]).toEqual([domain, 400, 'disposable']);
    }
    expect((await register(open, fresh('nothrowaway.example'))).status).toBe(202);
    await open.close();
  });

  it('that a user moves to follow the same rules', async () => {
    const ada = await app.logIn({ email: fresh() });
    const move = (email: string) => ada.post('/auth/email/change', { email, password: ada.password });
    expect((await move(fresh('elsewhere.example'))).body.errors[0].rule).toBe('domainAllowed');
    expect((await move(fresh())).status).toBe(202);
  });

  it.each([
    ['jörg@example.com', /RFC 6531/],
    ['a..b@example.com', /two dots/],
    ['.a@example.com', /dot at the start/],
    [`${'x'.repeat(65)}@example.com`, /at most 254 characters, 64/],
    ['a@-.example', /domain name/],
    ['Ada <ada@example.com>', /without a name/],
    ['nothing', /single plain/],
  ])('that are none say why: %s', async (email, message) => {
    const { status, body } = await register(app, email);
    expect([status, body.errors[0].field, body.errors[0].rule]).toEqual([400, 'email', 'isEmailAddress']);
    expect(body.errors[0].message).toMatch(message);
  });

  it.each([
    [{ registrationDomains: ['not a domain'] }, 'REGISTRATION_DOMAINS'],
    [{ refusedMailDomainsFile: '/nowhere' }, 'REFUSED_MAIL_DOMAINS_FILE cannot be read: ENOENT'],
  ])('by options that make no sense stop the boot: %j', async (options, problem) => {
    await expect(bootHost({ options })).rejects.toThrow(problem);
  });
});

describe('policies of one’s own', () => {
  const asked: unknown[] = [];

  @Injectable()
  class OfficeHours extends RegistrationPolicy {
    async assertMayRegister({ email, name, origin }: RegistrationAttempt): Promise<void> {
      asked.push([email, name, typeof origin!.ip]);
      if (name === 'Nightly') throw new AuthError('forbidden', { reason: 'office_closed' });
    }
  }

  @Injectable()
  class NoInfo extends MailboxPolicy {
    async refusalOf(email: string, use: MailboxUse) {
      return email.startsWith('info@') ? { rule: 'role', message: `must be a person’s (${use})` } : null;
    }
  }

  it('are asked before a password is hashed, and of addresses that admins and imports bring too', async () => {
    const providers = [
      { provide: RegistrationPolicy, useClass: OfficeHours },
      { provide: MailboxPolicy, useClass: NoInfo },
    ];
    const app = await bootHost({ providers });
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const hash = jest.spyOn(app.app.get(PasswordHasher, { strict: false }), 'hash');
    const closed = { email: fresh(), password: PASSWORD, name: 'Nightly' };
    expect((await app.client().post('/auth/register', closed)).status).toBe(403);
    expect((await register(app, 'info@example.com')).body.errors[0].message).toContain('registration');
    expect(hash).not.toHaveBeenCalled();
    expect((await admin.post('/admin/users', { email: 'info@example.com' })).body.errors[0].rule).toBe('role');
    expect((await admin.post('/admin/import', { users: [{ email: 'info@example.com' }] })).body.refused).toEqual([
      { index: 0, reason: 'mailbox_refused' },
    ]);
    expect(asked).toContainEqual([closed.email, 'Nightly', 'string']);
    await app.close();
  });
});

describe('a bot check', () => {
  const seen: Omit<BotCheckRequest, 'origin'>[] = [];
  let behaviour: 'judges' | 'throws' | 'throws at once' | 'hangs' | 'says something else' = 'judges';

  @Injectable()
  class Widget extends BotCheck {
    passes(request: BotCheckRequest, signal: AbortSignal): Promise<boolean> {
      if (behaviour === 'throws at once') throw new Error('no such widget');
      if (behaviour === 'says something else') return Promise.resolve({ success: false } as never);
      return this.judge(request, signal);
    }

    private async judge({ route, token }: BotCheckRequest, signal: AbortSignal): Promise<boolean> {
      seen.push({ route, token });
      if (behaviour === 'throws') throw new Error('no such widget');
      if (behaviour === 'hangs') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return token === 'a person';
    }
  }
  const providers = [{ provide: BotCheck, useClass: Widget }];
  const credentials = () => ({ email: fresh(), password: PASSWORD });
  const ROUTES = [
    ['/auth/register', credentials, 202, 'register'],
    ['/auth/login', credentials, 401, 'login'],
    ['/auth/password/forgot', () => ({ email: fresh() }), 202, 'forgot'],
  ] as const;
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootHost({ providers, options: { botCheckSeconds: 1 } });
  });
  afterAll(() => app.close());
  afterEach(() => {
    behaviour = 'judges';
    seen.length = 0;
  });

  it.each(ROUTES)('is asked before %s, with the token of the header or the body', async (path, body, status, route) => {
    const hasher = app.app.get(PasswordHasher, { strict: false });
    const spies = [jest.spyOn(hasher, 'hash'), jest.spyOn(hasher, 'verify')];
    for (const refused of [
      {},
      { captchaToken: 'a program' },
      { captchaToken: 5 },
      { captchaToken: 'x'.repeat(9000) },
    ]) {
      const reply = await app.client().post(path, { ...body(), ...refused });
      expect([reply.status, reply.body.errors?.[0]]).toEqual([
        400,
        { field: 'captchaToken', rule: 'botCheck', message: expect.any(String) },
      ]);
    }
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    const inHeader = { 'x-captcha-token': 'a person' };
    expect((await app.client(inHeader).post(path, body())).status).toBe(status);
    expect((await app.client().post(path, { ...body(), captchaToken: 'a person' })).status).toBe(status);
    expect(seen.at(-1)).toEqual({ route, token: 'a person' });
    expect(seen.map(({ token }) => token)).toEqual([null, 'a program', null, null, 'a person', 'a person']);
    for (const spy of spies) spy.mockRestore();
  });

  it('that says something else than true has let no user pass', async () => {
    behaviour = 'says something else';
    const { status, body } = await app.client({ 'x-captcha-token': 'a person' }).post('/auth/register', credentials());
    expect([status, body.errors?.[0].rule]).toEqual([400, 'botCheck']);
  });

  it.each(['throws', 'throws at once', 'hangs'] as const)('that %s refuses the request: 503', async (how) => {
    behaviour = how;
    const { status, body } = await app.client({ 'x-captcha-token': 'a person' }).post('/auth/register', credentials());
    expect([status, body.code]).toEqual([503, 'unavailable']);
  });

  it('that fails lets the request pass where that is configured', async () => {
    const open = await bootHost({ providers, options: { botCheckSeconds: 1, botCheckFailOpen: true } });
    for (const how of ['throws', 'hangs'] as const) {
      behaviour = how;
      expect([how, (await open.client().post('/auth/register', credentials())).status]).toEqual([how, 202]);
    }
    await open.close();
  });

  it('that is not there is not asked for a token, which is an unknown field then', async () => {
    const without = await bootHost();
    expect((await without.client().post('/auth/register', credentials())).status).toBe(202);
    const named = await without.client().post('/auth/register', { ...credentials(), captchaToken: 'x' });
    expect([named.status, named.body.errors[0].rule]).toEqual([400, 'whitelistValidation']);
    await without.close();
  });
});
