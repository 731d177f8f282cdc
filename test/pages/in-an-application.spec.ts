import { ValidationPipe, VersioningType } from '@nestjs/common';
import { bootHost } from '../boot-host.js';
import { PageVisitor } from './page-visitor.js';

describe.each(['express', 'fastify'] as const)('in an application on %s', (adapter) => {
  it('pages are below its prefix and PAGES_PATH, with the path of PUBLIC_URL before every link', async () => {
    const app = await bootHost({
      adapter,
      options: { authStrategies: ['session'], pages: 'on', publicUrl: 'http://localhost:3000/behind' },
      configure: (host) => {
        host.setGlobalPrefix('api');
        host.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
        host.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
      },
    });
    const user = await app.register();
    const visitor = new PageVisitor(app.url);
    // The proxy strips `/behind`.
    const strip = (path: string | null) => path!.replace(/^\/behind/, '');
    const sent = await visitor.open('/api/auth-pages/confirm?lang=en');
    expect(sent.location).toBe(
      `/behind/api/auth-pages/sign-in?return=${encodeURIComponent('/behind/api/auth-pages/confirm?lang=en')}`,
    );
    const page = await visitor.open(strip(sent.location));
    const [, sheet = ''] = /<link rel="stylesheet" href="([^"]+)">/.exec(page.html)!;
    expect(sheet).toMatch(/^\/behind\/api\/auth-pages\/assets\/pages-/);
    expect((await visitor.open(strip(sheet))).status).toBe(200);
    await visitor.open(strip(sent.location));
    const { action, hidden } = visitor.form('/behind/api/auth-pages/sign-in');
    const wrong = await visitor.send('POST', strip(action), { ...hidden, ...user, surprise: 'x' });
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    const done = await visitor.send('POST', strip(action), { ...hidden, ...user });
    expect([done.status, done.location]).toEqual([303, '/behind/api/auth-pages/confirm?lang=en']);
    expect((await visitor.open(strip(done.location))).status).toBe(200);
    expect((await visitor.open('/api/auth-pages')).location).toBe('/behind/api/auth-pages/account');
    await app.close();
  });

  it('there are none unless it asks for them', async () => {
    const app = await bootHost({ adapter });
    for (const path of ['/auth-pages/sign-in', '/sign-in', '/account', '/admin/ui', '/auth-pages/assets/x.css'])
      expect([path, (await app.client().get(path)).status]).toEqual([path, 404]);
    await app.close();
  });

  it('those for admins can be left out, and links to them with them', async () => {
    const app = await bootHost({ adapter, options: { pages: 'account-only', pagesPath: '/id' } });
    const admin = await app.actAs({ strategy: 'session', roles: ['admin'] });
    const page = await admin.get('/id/confirm');
    expect([page.status, page.text.includes('/admin/ui')]).toEqual([200, false]);
    expect((await admin.get('/id/admin/ui')).status).toBe(404);
    await app.close();
  });
});

it('pages without the strategy session stop the start, with a remedy', async () => {
  await expect(bootHost({ options: { authStrategies: ['jwt'], pages: 'on' } })).rejects.toThrow(
    /PAGES.*add session to AUTH_STRATEGIES, or set PAGES=off/s,
  );
});
