import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { ActingUser } from '../../src/testing/index.js';
import { bootPages, type PagesUnderTest, signInAs } from '../pages/boot-pages.js';
import { Chromium, inChromium } from '../pages/browser.js';

const FOLDER = join(__dirname, '../../docs/guides/pictures');
const GUIDE = join(__dirname, '../../docs/guides/pages.md');
const LARGEST = 80 * 1024;
const PASSWORD = 'an engine weaves algebra';

/** The pictures of the guide to the pages. `npm run docs:pictures` makes them. */
const PICTURES = ['sign-in.png', 'live-sessions.png', 'admin-overview.png'];

describe('the pictures of the guide to the pages', () => {
  it('are there, are small, and each is shown with a text in its place', () => {
    const guide = readFileSync(GUIDE, 'utf8');
    expect(readdirSync(FOLDER).sort()).toEqual([...PICTURES].sort());
    for (const name of PICTURES) {
      expect([name, statSync(join(FOLDER, name)).size <= LARGEST]).toEqual([name, true]);
      expect(guide).toMatch(new RegExp(`!\\[[^\\]]{10,}\\]\\(pictures/${name.replace('.', '\\.')}\\)`));
    }
  });
});

(process.env.UPDATE_PICTURES ? inChromium : describe.skip)('made anew', () => {
  let pages: PagesUnderTest;
  let chromium: Chromium;

  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true });
    [pages, chromium] = await Promise.all([bootPages({ authStrategies: ['session', 'api-key'] }), Chromium.start()]);
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  async function take(name: string, path: string, user?: ActingUser, height = 640): Promise<void> {
    const window = await chromium.open(pages.url, { width: 960, height });
    if (user) await signInAs(user, window.context, pages.url);
    await window.goto(path);
    await window.page.screenshot({ path: join(FOLDER, name) });
    await window.close();
  }

  it('sign in', () => take('sign-in.png', '/sign-in'));

  it('live sessions', async () => {
    const { email } = await pages.app.register({ password: PASSWORD });
    for (const [minutes, userAgent] of DEVICES) {
      await pages.app.client({ 'user-agent': userAgent }).post('/auth/login', { email, password: PASSWORD });
      pages.app.clock.advance(minutes * 60);
    }
    await take('live-sessions.png', '/account/sessions', await pages.app.logInAgain({ email, password: PASSWORD }));
  });

  it('the overview of the administration', async () => {
    const admin = await pages.app.actAs({ roles: ['admin'], amr: ['pwd', 'otp', 'mfa'], name: 'Grace Hopper' });
    const rows = measuredHour(pages.app.clock.now());
    const dataSource = pages.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    await dataSource.query(
      `INSERT INTO coatcheck.measurements (minute, node, name, count, sum, p50, p99)
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS r(minute timestamptz, node text, name text, count float8, sum float8, p50 float8, p99 float8)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
    await take('admin-overview.png', '/admin/ui', admin, 1100);
  });
});

const DEVICES: readonly (readonly [minutes: number, userAgent: string])[] = [
  [
    900,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
  ],
  [
    42,
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15',
  ],
  [3, 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'],
];

/** What two nodes might have measured in the last hour, the same in every run. */
function measuredHour(now: Date) {
  const minutes = Array.from({ length: 61 }, (_, ago) => new Date(Math.floor(now.getTime() / 60_000 - ago) * 60_000));
  return ['node-a', 'node-b'].flatMap((node, n) =>
    minutes.flatMap((minute, ago) => {
      const wave = 1 + Math.sin(ago / 7 + n) / 3 + Math.sin(ago / 2.3) / 8;
      const timed = (name: string, count: number, p50: number, p99: number) => ({
        ...{ minute, node, name, count, sum: count * p50, p50, p99 },
      });
      const counted = (name: string, count: number) => ({
        ...{ minute, node, name, count: Math.round(count), sum: 0, p50: null, p99: null },
      });
      return [
        counted('up', 1),
        counted('logins', 200 * wave),
        counted('logins_failed', 14 / wave),
        counted('requests.session', 5200 * wave),
        counted('requests.jwt', 3100 * wave),
        counted('requests.api-key', 900),
        timed('acknowledgements', 30 * wave, 0.0021, 0.0076 * wave),
        timed('hash_wait', 200 * wave, 0.0012, 0.021 * wave),
        counted('refreshes', 90 * wave),
        timed('mail_lag', 1, 0.4, 0.9 * wave),
      ];
    }),
  );
}
