import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { freshEmbeddedDatabase } from '../../test/embedded-database.js';
import { freshDatabase } from '../../test/real-postgres.js';
import { AuditSink } from '../audit/audit-sink.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { openDataSource } from '../database/open-data-source.js';
import { SecretKey } from '../kernel/secret-key.js';
import type { SigningNeed } from '../kernel/signing-need.js';
import { CredentialViews } from '../revocation/credential-view.js';
import { Revocations } from '../revocation/revocations.js';
import { MachineSteadyClock } from '../revocation/steady-clock.js';
import { FakeClock } from '../testing/fake-clock.js';
import { keysOptions } from './keys-options.js';
import { KnownKeys } from './known-keys.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { JWT_ALGORITHMS } from './signing-keys.js';
import { TypeormSigningKeys } from './typeorm-signing-keys.js';

const secretKey = SecretKey.parse(Buffer.alloc(32, 7).toString('base64url'));
const otherSecretKey = SecretKey.parse(Buffer.alloc(32, 8).toString('base64url'));
const clock = new FakeClock();

class SilentAudit extends AuditSink {
  async record(): Promise<void> {}
}

const databases = {
  'embedded PostgreSQL': async () => ({ url: undefined, ...(await freshEmbeddedDatabase()) }),
  'real PostgreSQL': async () => ({ dataDir: '', ...(await freshDatabase()) }),
};

describe.each(Object.entries(databases))('signing keys on %s', (_name, newDatabase) => {
  let dataSource: DataSource;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const database = await newDatabase();
    ({ drop } = database);
    dataSource = await openDataSource({
      databaseUrl: database.url,
      dataDir: database.dataDir,
      poolSize: 20,
      entities: [SigningKeyEntity],
      migrations,
      migrateOnStart: true,
    });
  });
  beforeEach(() => dataSource.getRepository(SigningKeyEntity).clear());
  afterAll(async () => {
    await dataSource.destroy();
    await drop();
    jest.restoreAllMocks();
  });

  const rows = () => dataSource.getRepository(SigningKeyEntity).find();

  async function start(
    given: object = {},
    key = secretKey,
    needs: readonly SigningNeed[] = [{ tokenSeconds: 905 }],
  ): Promise<TypeormSigningKeys> {
    const options = Options.resolve([coreOptions, keysOptions], { authStrategies: ['jwt'], ...given });
    const known = new KnownKeys(new CredentialViews(null, new MachineSteadyClock()));
    const revocations = new Revocations(null);
    const keys = new TypeormSigningKeys(dataSource, key, new SilentAudit(), clock, options, known, revocations, needs);
    await keys.onApplicationBootstrap();
    return keys;
  }

  it('are made once when twenty nodes start at the same time', async () => {
    const nodes = await Promise.all(Array.from({ length: 20 }, () => start()));
    const kids = nodes.map((node) => node.accepted().map(({ kid }) => kid));
    expect(new Set(kids.flat()).size).toBe(1);
    expect(kids.every(({ length }) => length === 1)).toBe(true);
    expect(await rows()).toHaveLength(1);
  });

  it.each(JWT_ALGORITHMS)('for %s sign on one node and verify on the next', async (algorithm) => {
    const [one, two] = [await start({ jwtAlgorithm: algorithm }), await start({ jwtAlgorithm: algorithm })];
    const signature = one.current().sign('input');
    expect(two.current()).toMatchObject({ kid: one.current().kid, algorithm });
    expect(two.current().verify('input', signature)).toBe(true);
    expect(two.current().verify('other', signature)).toBe(false);
  });

  it.each(JWT_ALGORITHMS)('for %s leave nothing private in the database', async (algorithm) => {
    const keys = await start({ jwtAlgorithm: algorithm });
    const [row] = await rows();
    expect(row?.privateJwkEncrypted).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    const everything = row!.privateJwkEncrypted
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    const clear = `${JSON.stringify(row)} ${everything.join(' ')}`;
    for (const word of ['"kty"', '"d"', '"k"', '"crv"', '"n"']) expect(clear).not.toContain(word);
    const published = Object.keys(keys.current().publicJwk ?? {});
    expect(published.filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].includes(name))).toEqual([]);
  });

  it('stop the start under another secret key, which says what to do', async () => {
    await start();
    const outcome = await start({}, otherSecretKey).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ConfigurationError);
    expect((outcome as Error).message).toMatch(/SECRET_KEY cannot decrypt[\s\S]*restore/);
    expect(await rows()).toHaveLength(1);
  });

  it('stop the start when one was put under the name of another', async () => {
    await start();
    await start({ jwtAlgorithm: 'EdDSA' });
    const table = dataSource.getRepository(SigningKeyEntity);
    const { privateJwkEncrypted } = await table.findOneByOrFail({ algorithm: 'EdDSA' });
    await table.update({ algorithm: 'ES256' }, { privateJwkEncrypted });
    await expect(start()).rejects.toBeInstanceOf(ConfigurationError);
  });

  it('are neither made nor published while no strategy signs', async () => {
    const keys = await start({ authStrategies: ['session'] });
    expect(keys.accepted()).toEqual([]);
    expect(() => keys.current()).toThrow(TypeError);
    expect(await rows()).toEqual([]);
  });

  it('of another algorithm than the configured one are not accepted', async () => {
    const es256 = await start();
    const eddsa = await start({ jwtAlgorithm: 'EdDSA' });
    expect(eddsa.accepted().map(({ algorithm }) => algorithm)).toEqual(['EdDSA']);
    expect((await start()).current().kid).toBe(es256.current().kid);
  });

  it('that were retired are accepted as long as a token of theirs may live, and sign no more', async () => {
    const { kid: old } = (await start()).current();
    await dataSource.getRepository(SigningKeyEntity).update({ kid: old }, { retiredAt: clock.now() });
    const rotated = await start();
    expect(rotated.current().kid).not.toBe(old);
    expect(rotated.accepted().map(({ kid }) => kid)).toEqual([rotated.current().kid, old]);
    // The leeway, and the time until the last node has heard of it, included.
    clock.advance(905 + 120);
    expect((await start()).accepted().map(({ kid }) => kid)).toEqual([rotated.current().kid]);
  });

  describe('of several algorithms', () => {
    const DAY = 86_400;
    // RSA is what clients ask for, and takes a thousand times what these take to make: one test has it.
    const need: SigningNeed = { tokenSeconds: 905, algorithms: ['ES256', 'EdDSA'], publicSeconds: 30 * DAY };
    const by = { actorId: null, origin: null };
    const startWithBoth = (given: object = {}) => start(given, secretKey, [{ tokenSeconds: 60 }, need]);
    const kids = (keys: readonly { kid: string }[]) => keys.map(({ kid }) => kid);

    it('are one of each, made once when many nodes start, that of access tokens first', async () => {
      const nodes = await Promise.all(Array.from({ length: 5 }, () => startWithBoth()));
      expect(await rows()).toHaveLength(2);
      for (const node of nodes) {
        expect(node.signing().map(({ algorithm }) => algorithm)).toEqual(['ES256', 'EdDSA']);
        expect(node.accepted()).toEqual(node.signing());
        expect(node.current()).toBe(node.signing()[0]);
        expect(node.accepted().map(({ publicJwk }) => publicJwk?.alg)).toEqual(['ES256', 'EdDSA']);
        expect(kids(node.signing())).toEqual(kids(nodes[0]!.signing()));
        expect(node.retired()).toEqual([]);
      }
      const [es256, edDsa] = nodes[0]!.signing();
      expect(nodes[1]!.signing()[1]!.verify('input', edDsa!.sign('input'))).toBe(true);
      expect(nodes[1]!.signing()[1]!.verify('input', es256!.sign('input'))).toBe(false);
    });

    it('are completed beside one that there is', async () => {
      const one = await start();
      const both = await startWithBoth();
      expect(both.current().kid).toBe(one.current().kid);
      expect(both.signing()).toHaveLength(2);
      expect((await startWithBoth({ jwtAlgorithm: 'RS256' })).signing().map(({ algorithm }) => algorithm)).toEqual([
        'RS256',
        'ES256',
        'EdDSA',
      ]);
    });

    it('rotate together; the former ones are accepted while their tokens live, and known again while sessions do', async () => {
      const keys = await startWithBoth();
      const other = await startWithBoth();
      const former = kids(keys.signing());
      await keys.rotate(by);
      expect(kids(keys.signing())).not.toEqual(expect.arrayContaining(former));
      expect(kids(keys.accepted()).sort()).toEqual([...kids(keys.signing()), ...former].sort());
      expect(kids(keys.retired()).sort()).toEqual([...former].sort());
      await other.refresh();
      expect([kids(other.signing()), kids(other.retired())]).toEqual([kids(keys.signing()), kids(keys.retired())]);
      clock.advance(905 + 120);
      await keys.refresh();
      expect(keys.accepted()).toEqual(keys.signing());
      expect(kids(keys.retired()).sort()).toEqual([...former].sort());
      expect(Object.keys(keys.retired()[0]!)).not.toContain('d');
      const { retired, accepted } = { retired: keys.retired(), accepted: keys.accepted() };
      await keys.refresh();
      expect(keys.retired()).toBe(retired);
      expect(keys.accepted()).toBe(accepted);
      clock.advance(30 * DAY);
      await keys.refresh();
      expect(keys.retired()).toEqual([]);
    });

    it('are known nowhere again once they are withdrawn, whether they signed last or long ago', async () => {
      const keys = await startWithBoth();
      const other = await startWithBoth();
      await keys.rotate(by);
      await keys.withdraw(by);
      await other.certain();
      for (const node of [keys, other]) {
        expect(node.retired()).toEqual([]);
        expect(node.accepted()).toEqual(node.signing());
        expect(node.signing()).toHaveLength(2);
      }
      expect(kids(other.signing())).toEqual(kids(keys.signing()));
      expect(await rows()).toHaveLength(2);
    });

    it('publish nothing of a secret one among them', async () => {
      const keys = await startWithBoth({ jwtAlgorithm: 'HS256' });
      await keys.rotate(by);
      expect(keys.signing().map(({ algorithm }) => algorithm)).toEqual(['HS256', 'ES256', 'EdDSA']);
      expect(
        keys
          .retired()
          .map(({ alg }) => alg)
          .sort(),
      ).toEqual(['ES256', 'EdDSA'].sort());
    });

    it('start all the same when one that signed long ago cannot be read', async () => {
      const keys = await startWithBoth();
      const [es256] = keys.signing();
      await keys.rotate(by);
      clock.advance(905 + 120);
      const broken = { privateJwkEncrypted: 'a..b.c.d' };
      await dataSource.getRepository(SigningKeyEntity).update({ kid: es256!.kid }, broken);
      const retired = (await startWithBoth()).retired();
      expect(retired.map(({ alg }) => alg)).toEqual(['EdDSA']);
    });
  });
});
