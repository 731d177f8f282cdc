import { returnAddress } from '../../src/pages/return-address.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';

const EVIL = [
  '',
  'evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  '/ /evil.example',
  '%2f%2fevil.example',
  '/%2f%2fevil.example',
  '/%2F/evil.example',
  '/%5cevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/./account',
  '/a/../account',
  '/account//x',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'https://evil.example/account',
  'https:evil.example',
  'http://localhost:3000/account',
  '//localhost:3000/account',
  '/account\0',
  '/account%00',
  '/account\r\nSet-Cookie: session=x',
  '/account%0d%0aSet-Cookie:x',
  '/account#//evil.example',
  '/accоunt',
  '@evil.example',
  '/@evil.example//',
  'account',
  '?x',
  `/${'a'.repeat(3000)}`,
];

describe('a return address', () => {
  it.each([
    '/',
    '/account',
    '/account/sessions?cursor=a%2Fb&limit=5',
    '/admin/ui/users?search=ada%40example.com',
    '/%C3%A4',
  ])('may be %s', (address) => {
    expect(returnAddress(address)).toBe(address);
  });

  it.each(EVIL.map((address) => [JSON.stringify(address).slice(0, 60), address]))('is not %s', (_shown, address) => {
    expect(returnAddress(address)).toBeNull();
  });

  it.each([[['/account', '/account']], [{ a: '/account' }], [null], [undefined], [5]])('is a text: not %j', (given) => {
    expect(returnAddress(given)).toBeNull();
  });
});

describe('of the sign-in page', () => {
  let pages: PagesUnderTest;
  beforeAll(async () => {
    pages = await bootPages();
  });
  afterAll(() => pages.close());

  it('whatever else is given as `return`, in the address or in the form, leads to the account', async () => {
    const user = await pages.app.register();
    const visitor = pages.visitor();
    const led: string[] = [];
    for (const address of EVIL) {
      visitor.cookies.clear();
      const shown = await visitor.open(`/sign-in?return=${encodeURIComponent(address)}`);
      expect([address, shown.status, shown.html.includes('name="return"')]).toEqual([address, 200, false]);
      const { hidden } = visitor.form('/sign-in');
      // A login costs a hash: those that routers and browsers read differently, and a few others.
      if (led.length < 4 || address.includes('\\') || address.includes('%'))
        led.push(
          (await visitor.send('POST', '/sign-in', { ...hidden, ...user, return: address })).location ?? 'nowhere',
        );
    }
    expect([...new Set(led)]).toEqual(['/account']);
  }, 120_000);

  it('given twice is none', async () => {
    const shown = await pages.visitor().open('/sign-in?return=/account&return=/confirm');
    expect([shown.status, shown.html.includes('name="return"')]).toEqual([200, false]);
  });
});
