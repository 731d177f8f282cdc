import { bootPages, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

let pages: PagesUnderTest;
let admin: PageVisitor;
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session', 'jwt', 'api-key'] });
  admin = await pages.as(await pages.app.logIn({ changes: { roles: ['admin'] }, strategy: 'session' }));
});
afterAll(() => pages.close());

it('shows users', async () => {
  for (const path of [
    'users',
    'users?search=&status=&kind=',
    'users/new',
    'audit',
    'invitations',
    'configuration',
    'end-everything',
  ]) {
    const { status, html } = await admin.open(`/admin/ui/${path}`);
    expect({ path, status, html: status === 200 ? '' : html }).toEqual({ path, status: 200, html: '' });
  }
});
