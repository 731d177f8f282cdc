import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; require-trusted-types-for 'script'";

/** Each of them with one fault. */
const PAGES: Readonly<Record<string, string>> = {
  good: '<a href="#main">Skip</a><label>Name <input name="n"></label><button>Save</button>',
  'inline-script': '<script>alert(1)</script>',
  'foreign-image': '<img alt="" src="http://127.0.0.1:9/pixel.png">',
  'missing-image': '<img alt="" src="/missing.png">',
  'unlabelled-field': '<input name="n">',
  'pale-text': '<p style="color:#bbb;background:#fff">hardly seen</p>',
  'wide-box': '<div style="width:500px">wide</div>',
  'cut-off': '<p style="width:100px;overflow:hidden;white-space:nowrap">a text that has no room where it stands</p>',
  'out-of-reach': '<button tabindex="-1">Save</button>',
  'no-focus-ring': '<button style="outline:none">Save</button>',
};

inChromium('what looks at pages', () => {
  let server: Server;
  let origin: string;
  let chromium: Chromium;
  let window: Window;

  beforeAll(async () => {
    server = createServer((request, reply) => {
      const body = PAGES[new URL(request.url!, 'http://x').pathname.slice(1)];
      reply.writeHead(body === undefined ? 404 : 200, {
        'content-type': 'text/html',
        'content-security-policy': POLICY,
      });
      reply.end(`<!doctype html><html lang="en"><title>A page</title>
        <meta name="viewport" content="width=device-width"><main id="main"><h1>A page</h1>${body}</main>`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    chromium = await Chromium.start();
  });
  afterAll(async () => {
    await chromium?.close();
    server?.closeAllConnections();
    server?.close();
  });

  afterEach(() => window.close());

  async function faultsOf(name: string, scripts = true): Promise<string[]> {
    window = await chromium.open(origin, { scripts });
    await window.goto(`/${name}`);
    await window.weight();
    return [
      ...(scripts ? await window.axeEverywhere() : []),
      ...(await window.overflow(320)),
      ...(await window.keyboardProblems()),
      ...window.complaints,
    ];
  }

  it('finds nothing on a good page, with scripts and without', async () => {
    expect(await faultsOf('good')).toEqual([]);
    expect(await faultsOf('good', false)).toEqual([]);
  });

  it.each([
    ['inline-script', /against the policy: script-src/],
    ['foreign-image', /asked http:\/\/127.0.0.1:9/],
    ['missing-image', /404 for/],
    ['unlabelled-field', /label at input/],
    ['pale-text', /color-contrast at p/],
    ['wide-box', /reaches from .* of 320/],
    ['cut-off', /is cut off/],
    ['out-of-reach', /is not reached by Tab/],
    ['no-focus-ring', /does not look so/],
  ])('finds the fault of the page %s', async (name, fault) => {
    expect(await faultsOf(name)).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
  });

  it('counts requests, and bytes as a browser gets them compressed', async () => {
    window = await chromium.open(origin);
    await window.goto('/good');
    const { requests, gzipBytes } = await window.weight();
    expect(requests).toBe(1);
    expect(gzipBytes).toBeGreaterThan(100);
    expect(gzipBytes).toBeLessThan(400);
  });
});
