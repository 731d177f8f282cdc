import { LiveStreams } from '../../src/live/live-streams.js';
import { bootPages, type PagesUnderTest } from './boot-pages.js';
import { EventStream } from './event-stream.js';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session'] });
});
afterAll(() => pages?.close());

it('a node that stops ends its streams and begins no other, by which a connection that is open already could hold it', async () => {
  const browser = await pages.as();
  const { html } = await browser.open('/account/sessions');
  const path = /data-live="([^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&');
  const stream = await EventStream.open(browser, path);
  const streams = pages.app.app.get(LiveStreams, { strict: false });
  expect(streams.size).toBe(1);
  streams.beforeApplicationShutdown();
  await stream.ended;
  const reply = await fetch(pages.url + path, {
    headers: { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });
  await reply.body?.cancel();
  expect([reply.status, reply.headers.get('retry-after'), streams.size]).toEqual([503, '1', 0]);
});
