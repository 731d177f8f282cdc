import { type AuthTestApp, SoftwareAuthenticator } from '../../src/testing/index.js';
import { bootService } from './combinations.js';
import { ORIGIN, PasskeyHolder } from './passkey-holder.js';

const RELATED = 'https://shop.example.de';
const LIST = '/.well-known/webauthn';

describe('origins of other domains', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'], webauthnRelatedOrigins: [RELATED] });
  });
  afterAll(() => app.close());

  it('are published for browsers, to be cached, and nothing else is', async () => {
    const { status, body, headers } = await app.client().get(LIST);
    expect([status, body]).toEqual([200, { origins: [RELATED] }]);
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      expect.stringMatching(/^application\/json\b/),
      'public, max-age=300',
    ]);
  });

  it('register passkeys and log in by them; others of the same domain do not', async () => {
    const holder = await PasskeyHolder.enrolled(app, 'session', new SoftwareAuthenticator({ origin: RELATED }));
    expect((await holder.logIn()).status).toBe(200);
    for (const origin of ['https://example.de', 'https://shop.example.de.evil.example', 'http://shop.example.de']) {
      const reply = await holder.logIn({ wrong: { clientData: { origin } } });
      expect([reply.status, reply.body.code]).toEqual([401, 'invalid_credentials']);
    }
    expect((await holder.logIn({ wrong: { clientData: { origin: ORIGIN } } })).status).toBe(200);
  });
});

it('without them there is no list', async () => {
  const app = await bootService({ authStrategies: ['session'] });
  expect((await app.client().get(LIST)).status).toBe(404);
  await app.close();
});
