import { inScene } from './scene.js';

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const ROUNDS = Number(process.env.X_ROUNDS ?? 25);
const MODES = (process.env.X_MODES ?? 'plain,request,reply,both').split(',');

inScene('x', (scene) => {
  it.each(MODES)('rounds %s', async (mode) => {
    const outcomes: Record<string, number> = {};
    const site = scene.site as unknown as { pass(i: unknown, r: unknown): Promise<void> };
    const original = site.pass.bind(site);
    for (let round = 0; round < ROUNDS; round++) {
      const context = await scene.browser.newContext();
      scene.context = context;
      await context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined })`);
      site.pass = async (incoming, reply) => {
        if (/request|both/.test(mode) && /refresh/.test((incoming as { url: string }).url)) await sleep(Math.random() * 150);
        return original(incoming, reply);
      };
      scene.site.fate = (route) => (/reply|both/.test(mode) && /refresh/.test(route) ? { after: sleep(Math.random() * 150) } : 'pass');
      let outcome: string;
      try {
        const tabs = await scene.signedIn(8, (process.env.X_T ?? 'split') as 'split');
        const opened = (await Promise.all(tabs.map((tab) => tab.snapshot()))).map(({ status }) => status);
        if (process.env.X_SETTLE) await sleep(Number(process.env.X_SETTLE));
        scene.expire();
        const replies = await Promise.all(tabs.map((tab) => tab.ask(5)));
        const then = (await Promise.all(tabs.map((tab) => tab.snapshot()))).map(({ status }) => status);
        outcome = `opened ${[...new Set(opened)].sort()} asked ${[...new Set(replies.flat())].sort()} then ${[...new Set(then)].sort()}`;
      } catch (error) {
        outcome = String(error).slice(0, 100);
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      await context.close();
    }
    site.pass = original;
    process.stderr.write(`XX ${mode} ${JSON.stringify(outcomes, null, 1)}\n`);
    scene.context = await scene.browser.newContext();
  });
});
