import { bootPages, type PagesUnderTest } from './boot-pages.js';
import type { PageVisitor } from './page-visitor.js';

const TEXT = 'That took too long, or began in another browser. Sign in again.';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session'] });
});
afterAll(() => pages.close());

/** A browser that a message waits for, which the next page shows. */
async function withMessage(): Promise<PageVisitor> {
  const visitor = pages.visitor();
  expect((await visitor.open('/sign-in/factor')).location).toBe('/sign-in');
  expect(visitor.cookies.has('message')).toBe(true);
  return visitor;
}

const isShown = async (visitor: PageVisitor) => (await visitor.open('/sign-in')).html.includes(TEXT);

describe('a message to the next page', () => {
  it('is shown once, and cannot be read in the cookie', async () => {
    const visitor = await withMessage();
    expect(Buffer.from(visitor.cookies.get('message')!, 'base64url').toString()).not.toContain('sign-in');
    expect([await isShown(visitor), visitor.cookies.has('message'), await isShown(visitor)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['changed', (value: string) => `${value.slice(0, -2)}${value.endsWith('AA') ? 'BB' : 'AA'}`],
    ['cut short', (value: string) => value.slice(0, 20)],
    ['empty', () => ''],
    ['no message at all', () => 'hello'],
  ])('is not shown when it was %s', async (_how, tampered) => {
    const visitor = await withMessage();
    visitor.cookies.set('message', tampered(visitor.cookies.get('message')!));
    expect(await isShown(visitor)).toBe(false);
  });

  it('is not shown in another browser', async () => {
    const [one, other] = [await withMessage(), pages.visitor()];
    await other.open('/sign-in');
    other.cookies.set('message', one.cookies.get('message')!);
    expect(await isShown(other)).toBe(false);
    expect(await isShown(one)).toBe(true);
  });

  it('is not shown after a minute', async () => {
    const visitor = await withMessage();
    pages.app.clock.advance(61);
    expect(await isShown(visitor)).toBe(false);
  });
});
