import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIBRARY_VERSION, type Library, LibraryLoader } from './library.js';
import { patchLibrary } from './library-patches.js';

/** The same class, but for one of its methods. */
function without(Base: new () => object, method: string): unknown {
  const Changed = class extends Base {};
  Object.defineProperty(Changed.prototype, method, { value: undefined });
  return Changed;
}

const ROOT = join(__dirname, '../../../node_modules/oidc-provider');
const source = (file: string) => readFileSync(join(ROOT, 'lib', file), 'utf8');

/** Where the library calls what we lay over it: a new version that calls something else must not be taken unseen. */
const CALLS: readonly [string, string][] = [
  ['models/base_model.js', 'this.jti = this.generateTokenId();'],
  ['actions/grants/refresh_token.js', "ctx.oidc.entity('RotatedRefreshToken', refreshToken);"],
  ['actions/authorization/resume.js', 'session.resetIdentifier();'],
  ['actions/authorization/resume.js', 'session.loginAccount({'],
  ['actions/authorization/session.js', 'ctx.oidc.session.ensureClientContainer(ctx.oidc.params.client_id);'],
  ['shared/client_auth.js', 'await ctx.oidc.client.compareClientSecret(clientSecret)'],
  ['helpers/process_response_types.js', 'ctx.oidc.client.includeSid()'],
  ['helpers/validate_dpop.js', 'await provider.ReplayDetection.unique('],
  ['shared/jwt_client_auth.js', 'ReplayDetection.unique('],
  ['models/base_token.js', 'als.getStore()'],
  ['helpers/als.js', 'export default new AsyncLocalStorage();'],
  ['helpers/initialize_app.js', 'return als.run(ctx, () => next());'],
  ['models/session.js', 'provider.createContext(ctx.req, ctx.res).cookies'],
];

describe('the version of the library', () => {
  it('is the one that our seams were written against', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(version).toBe(LIBRARY_VERSION);
  });

  it.each(CALLS)('calls in %s what is laid over it: %s', (file, call) => {
    expect(source(file)).toContain(call);
  });

  describe('is refused at the start', () => {
    let library: Library;
    beforeAll(async () => {
      library = await new LibraryLoader().load();
    });

    const provider = () => {
      const nothing = { find: async () => undefined } as never;
      return new library.Provider('http://localhost', {
        adapter: () => nothing,
        features: { devInteractions: { enabled: false } },
        jwks: { keys: [] },
      } as never);
    };

    it.each([
      ['RefreshToken', 'generateTokenId'],
      ['Session', 'resetIdentifier'],
      ['Client', 'compareClientSecret'],
      ['Client', 'includeSid'],
    ])('where %s has no %s', (name, method) => {
      const changed = new Proxy(provider(), {
        get: (target, asked) =>
          asked === name ? without(Reflect.get(target, name), method) : Reflect.get(target, asked),
      });
      expect(() => patchLibrary(changed, {} as never)).toThrow(/any more/);
    });

    it('and else taken', () => {
      expect(() => patchLibrary(provider(), {} as never)).not.toThrow();
    });
  });
});
