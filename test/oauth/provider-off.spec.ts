import type { ConfigurationError } from '../../src/config/configuration-error.js';
import { LibraryLoader } from '../../src/oauth/provider/library.js';
import { TestClient } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { bootService } from '../flows/combinations.js';
import { APP_PAGE } from './oauth-node.js';

/** Of an application that has not installed the library. */
class NothingInstalled extends LibraryLoader {
  asked = 0;

  protected override async importLibrary(): Promise<never> {
    this.asked += 1;
    throw Object.assign(new Error("Cannot find module 'oidc-provider'"), { code: 'MODULE_NOT_FOUND' });
  }
}

describe('without the strategy oauth', () => {
  it('the library is not loaded, and the provider has no route', async () => {
    const loader = new NothingInstalled();
    const options = { authStrategies: ['session'], mailPollSeconds: 3600 };
    const app = await bootHost({ options, providers: [{ provide: LibraryLoader, useValue: loader }] });
    const paths = ['/oauth/token', '/oauth/authorize', '/oauth/device', '/.well-known/openid-configuration'];
    for (const path of paths) {
      const { status, body, headers } = await app.client().get(path);
      // Whoever has not the provider has the framework's own answer.
      expect([path, status, body?.error, headers.get('x-request-id')]).toEqual([path, 404, 'Not Found', null]);
    }
    expect((await app.client().post('/oauth/token', {})).status).toBe(404);
    expect(loader.asked).toBe(0);
    await app.close();
  });
});

describe('with the strategy oauth', () => {
  it('the start says what to install where the library is missing', async () => {
    const options = { authStrategies: ['session', 'oauth'], oauthInteractionUrl: APP_PAGE, mailPollSeconds: 3600 };
    const providers = [{ provide: LibraryLoader, useClass: NothingInstalled }];
    await expect(bootHost({ options, providers })).rejects.toThrow(/npm install oidc-provider@9\.13\.3/);
  });

  it.each([
    ['there is no page to sign in at', {}, 'oauthInteractionUrl is missing, but PAGES is off'],
    ['the service is below a path', { publicUrl: 'http://localhost:3000/id', pages: 'on' }, 'publicUrl has a path'],
    ['there are no sessions', { authStrategies: ['oauth'] }, 'authStrategies contains oauth without session'],
  ] as const)('there is no start where %s', async (_what, changes, expected) => {
    const options = { authStrategies: ['session', 'oauth'], mailPollSeconds: 3600, ...changes };
    const error = await bootHost({ options }).catch((refused: unknown) => refused);
    const { problems } = error as ConfigurationError;
    expect(problems).toEqual([expect.objectContaining({ remedy: expect.any(String) })]);
    expect(`${problems[0]!.option} ${problems[0]!.problem}`).toContain(expected);
  });

  it.each([
    ['an issuer with a trailing slash', { publicUrl: 'http://localhost:3000/', pages: 'on' }],
    ['a page of the application’s own', { oauthInteractionUrl: APP_PAGE }],
  ] as const)('there is one with %s', async (_what, changes) => {
    const app = await bootHost({
      options: { authStrategies: ['session', 'oauth'], mailPollSeconds: 3600, ...changes },
    });
    expect((await app.client().get('/.well-known/openid-configuration')).body.issuer).toBe('http://localhost:3000');
    await app.close();
  });

  it('the service has it as an application has, with the headers of the service', async () => {
    const app = await bootService({ authStrategies: ['session', 'oauth'], mailPollSeconds: 3600 });
    const { status, body, headers } = await new TestClient(app.url).get('/.well-known/openid-configuration');
    expect([status, body.issuer, headers.get('cache-control')]).toEqual([
      200,
      'http://localhost:3000',
      'public, max-age=300',
    ]);
    const refused = await new TestClient(app.url).request('POST', '/oauth/token', 'grant_type=a', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_request']);
    for (const reply of [headers, refused.headers]) {
      expect(reply.get('x-frame-options')).toBe('DENY');
      expect(reply.get('permissions-policy')).toContain('camera=()');
      expect(reply.get('x-request-id')).toEqual(expect.any(String));
    }
    await app.close();
  });
});
