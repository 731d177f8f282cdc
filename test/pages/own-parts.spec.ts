import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotCheck, type BotCheckRequest } from '../../src/limits/bot-check.js';
import { SIGN_IN } from '../../src/login/pages/sign-in.template.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';

/** What the module of a widget, served by the application itself, would put into the field. */
const TOKEN = 'a-person';

class Widget extends BotCheck {
  passes({ token }: BotCheckRequest): Promise<boolean> {
    return Promise.resolve(token === TOKEN);
  }
}

describe('an application with parts of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coatcheck-templates-'));
  let pages: PagesUnderTest;
  beforeAll(async () => {
    const field = '<input type="hidden" name="captchaToken" value="">\n<button>';
    writeFileSync(join(folder, 'sign-in.eta'), SIGN_IN.replace('<button>', field));
    pages = await bootPages(
      { authStrategies: ['session', 'api-key'], routesLeftOut: ['password', 'api-key'], pagesTemplates: folder },
      [{ provide: BotCheck, useClass: Widget }],
    );
  });
  afterAll(async () => {
    await pages?.close();
    rmSync(folder, { recursive: true });
  });

  it('has no link to pages whose routes are left out', async () => {
    const visitor = pages.visitor();
    const { html } = await visitor.open('/sign-in');
    expect(html).toContain('name="password"');
    expect(html).not.toMatch(/href="\/(forgot|sign-up)"/);
    const user = await pages.as(await pages.app.actAs({ strategy: 'session' }));
    const account = (await user.open('/account')).html;
    expect(account).toContain('href="/account/sessions"');
    expect(account).not.toContain('href="/account/keys"');
    for (const path of ['/forgot', '/sign-up', '/account/keys']) expect((await user.open(path)).status).toBe(404);
  });

  it('has its bot check on the sign-in page, by a template with the field `captchaToken`', async () => {
    const fields = { email: 'ada@example.com', password: 'not this one' };
    for (const [captchaToken, said] of [
      ['', 'The check that you are a person did not succeed'],
      [TOKEN, 'The e-mail address or the password does not match'],
    ] as const) {
      const visitor = pages.visitor();
      await visitor.open('/sign-in');
      const { status, html } = await visitor.submit({ ...fields, captchaToken }, '/sign-in');
      expect([status, html]).toEqual([captchaToken ? 401 : 400, expect.stringContaining(said)]);
    }
  });
});
