import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const SRC = resolve(__dirname, '../src');
const LOW = ['kernel', 'edge', 'config', 'database', 'http', 'audit', 'mail', 'limits', 'languages', 'pages'];
const FEATURES = [
  ...LOW,
  'metrics',
  'tracing',
  'measurements',
  'live',
  'webhooks',
  'events',
  'cleanup',
  'revocation',
  'access',
  'users',
  'sessions',
  'keys',
  'security',
  'usernames',
  'verification',
  'devices',
  'lockout',
  'credentials',
  'login',
  'profile',
  'followers',
  'admin',
];

/** Who may import whom: the arrows of the house. A feature may always import itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  edge: ['kernel'],
  config: ['kernel'],
  database: ['kernel', 'config'],
  http: ['kernel', 'edge', 'config', 'database'],
  audit: ['kernel', 'config', 'database', 'jobs'],
  metrics: ['kernel', 'config', 'database', 'pages', 'languages'],
  tracing: ['kernel', 'config', 'database'],
  live: ['kernel', 'edge', 'http', 'config', 'audit', 'access', 'languages'],
  measurements: ['kernel', 'config', 'database', 'events'],
  cleanup: ['kernel', 'config', 'database'],
  jobs: ['kernel', 'database'],
  webhooks: [
    'kernel',
    'edge',
    'config',
    'database',
    'jobs',
    'http',
    'audit',
    'access',
    'security',
    'pages',
    'languages',
  ],
  events: ['kernel', 'edge', 'config', 'jobs', 'audit', 'access'],
  mail: ['kernel', 'config', 'database', 'jobs', 'http', 'access', 'audit', 'languages'],
  revocation: ['kernel', 'config'],
  access: ['kernel', 'edge', 'config', 'http', 'revocation', 'languages'],
  limits: ['kernel', 'edge', 'config', 'http', 'access', 'audit'],
  languages: ['kernel', 'config'],
  pages: ['kernel', 'edge', 'config', 'http', 'access', 'languages', 'limits'],
  users: [...LOW, 'access', 'revocation'],
  sessions: [...LOW, 'users', 'revocation', 'access'],
  keys: [...LOW, 'revocation', 'access'],
  security: [...LOW, 'users', 'sessions', 'revocation', 'access'],
  usernames: [...LOW, 'users', 'access', 'security', 'revocation'],
  verification: [...LOW, 'users', 'security', 'access'],
  devices: [...LOW, 'live', 'users', 'sessions', 'security', 'access'],
  lockout: [...LOW, 'users', 'security', 'access', 'devices'],
  credentials: [...LOW, 'users', 'sessions', 'security', 'access', 'lockout'],
  login: [
    ...LOW,
    'usernames',
    'users',
    'sessions',
    'revocation',
    'access',
    'security',
    'devices',
    'lockout',
    'credentials',
  ],
  profile: [...LOW, 'limits', 'users', 'sessions', 'security', 'credentials', 'access'],
  followers: [...LOW, 'keys', 'users', 'sessions', 'revocation', 'access', 'strategies'],
  admin: [
    ...LOW,
    'usernames',
    'live',
    'measurements',
    'users',
    'sessions',
    'security',
    'lockout',
    'credentials',
    'profile',
    'revocation',
    'access',
  ],
  factors: [
    ...LOW,
    'usernames',
    'users',
    'devices',
    'sessions',
    'security',
    'verification',
    'lockout',
    'credentials',
    'login',
    'revocation',
    'access',
  ],
  oauth: [...LOW, 'usernames', 'jobs', 'live', 'users', 'sessions', 'security', 'revocation', 'access', 'keys'],
  strategies: [...LOW, 'keys', 'users', 'sessions', 'security', 'revocation', 'access'],
  stores: ['kernel', 'config', 'database', 'audit', 'sessions', 'revocation', 'access'],
  // A library for other processes: see below.
  verify: ['kernel', 'http', 'access', 'keys', 'revocation', 'strategies', 'followers'],
  'plugins.ts': ['config', 'factors', 'strategies', 'stores', 'oauth'],
  'api-security.ts': ['kernel', 'config', 'http', 'access', 'plugins.ts'],
  'auth-options.ts': [...FEATURES, 'plugins.ts'],
  'features.ts': [...FEATURES, 'plugins.ts', 'auth-options.ts'],
  'assemble.ts': [...FEATURES, 'features.ts', 'auth-options.ts'],
  'auth.module.ts': ['config', 'http', 'assemble.ts', 'features.ts', 'auth-options.ts'],
  // Files of other systems: what an imported user is, as a type alone.
  'moving-in': ['kernel', 'factors'],
  // A library for pages: it knows the service by its document alone.
  client: [],
  testing: [
    'kernel',
    'http',
    'database',
    'audit',
    'limits',
    'revocation',
    'config',
    'auth.module.ts',
    'auth-options.ts',
    'users',
    'sessions',
    'factors',
    'mail',
    'access',
  ],
};
/** Composition roots: they put everything together. */
const ROOTS = new Set([
  'app.module.ts',
  'index.ts',
  'internal.ts',
  'built-in-events.ts',
  'main.ts',
  'migrate.ts',
  'service',
  'cli',
]);
/** Of these features others may see only the contracts. */
const CONTRACT_ONLY: Record<string, RegExp> = {
  // Of factors, what an imported user is.
  'moving-in': /\/src\/(?!factors\/)|\/import\/user-import\.service\.ts$/,
  // Of sessions, the steps that have one winner.
  factors: /\/src\/(?!sessions\/)|\/(atomic-primitives|device-name)\.ts$/,
  // Of sessions, the steps that have one winner, and what mails call a device.
  // Of strategies, who issues tokens and for whom.
  followers: /\/src\/(?!strategies\/)|\/jwt-options\.ts$/,
  // Of factors, what a store of theirs must keep.
  testing: /\/src\/(?!factors\/)|\/passkey\.store\.ts$/,
  stores:
    /\.(store|entity)\.ts$|storage\.ts$|live-part\.ts$|sessions-per-user\.ts$|atomic-primitives\.ts$|session-view\.ts$|revocation-feed\.ts$|strategy\.ts$/,
};

const files = walk(SRC).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
const graph = new Map(files.map((file) => [file, importsOf(file)]));

describe('the house', () => {
  it('has every arrow point inward', () => {
    const wrong: string[] = [];
    for (const [file, targets] of graph) {
      const from = featureOf(file);
      if (ROOTS.has(from)) continue;
      for (const target of targets) {
        const to = featureOf(target);
        const allowed = from === to || MAY_IMPORT[from]?.includes(to);
        const contract = !CONTRACT_ONLY[from] || LOW.includes(to) || from === to || CONTRACT_ONLY[from].test(target);
        if (!allowed || !contract) wrong.push(`${relative(SRC, file)} -> ${relative(SRC, target)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no two factors, strategies or stores that know each other', () => {
    const wrong: string[] = [];
    for (const [file, targets] of graph) {
      const [kind, folder] = relative(SRC, file).split('/');
      if (!['factors', 'strategies', 'stores'].includes(kind!)) continue;
      for (const target of targets) {
        const [targetKind, targetFolder] = relative(SRC, target).split('/');
        if (targetKind === kind && targetFolder !== folder)
          wrong.push(`${relative(SRC, file)} -> ${relative(SRC, target)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no import cycle, types included', () => {
    expect(cycles()).toEqual([]);
  });

  it('has no dumping grounds, no forwardRef, no barrel but the front doors', () => {
    const names = files.map((file) => relative(SRC, file));
    expect(
      names.filter((name) => /(^|\/)(utils?|helpers?|common|shared)(\/|\.ts$)|(^|\/)(constants|types)\.ts$/.test(name)),
    ).toEqual([]);
    const texts = files.map((file) => [relative(SRC, file), readFileSync(file, 'utf8')] as const);
    expect(texts.filter(([, text]) => /forwardRef\(/.test(text)).map(([name]) => name)).toEqual([]);
    expect(texts.filter(([, text]) => /export \* from/.test(text)).map(([name]) => name)).toEqual([]);
    expect(names.filter((name) => name.endsWith('index.ts'))).toEqual([
      'index.ts',
      'testing/index.ts',
      'verify/index.ts',
      'verify/nest/index.ts',
      'verify/testing/index.ts',
    ]);
  });

  it('reads the environment only in config', () => {
    const readers = files.filter((file) => /process\.env/.test(code(file))).map((file) => relative(SRC, file));
    expect(readers.filter((name) => !name.startsWith('config/'))).toEqual([]);
  });

  it('uses neither top-level await nor import.meta, which Jest and require() could not load', () => {
    const preset = new Set(['testing/jest-preset.ts']);
    const wrong = files
      .filter(
        (file) =>
          /^(const|let|export const)?[^\n]*=?\s*await /m.test(code(file).replace(/^[ \t].*$/gm, '')) ||
          /import\.meta/.test(code(file)),
      )
      .map((file) => relative(SRC, file));
    expect(wrong.filter((name) => !preset.has(name))).toEqual([]);
  });

  it('has a verifier that loads nothing but Node and jose, unless Nest is asked for', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const specifier of valueImportsOf(file)) {
        if (!specifier.startsWith('.')) packages.add(specifier);
        else visit(resolve(dirname(file), specifier).replace(/\.js$/, '.ts'));
      }
    };
    visit(join(SRC, 'verify/index.ts'));
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['jose']);
    expect(seen.size).toBeGreaterThan(20);
  });

  it('imports no optional peer where a host without it would fail', () => {
    const optional =
      /from '(@nestjs\/(platform-\w+|testing)|@electric-sql\/[^']+|@swc\/core|@fastify\/[^']+|redis'|memjs'|prom-client'|@opentelemetry\/api'|oidc-provider')/;
    const importers = files
      .filter((file) => optional.test(code(file).replace(/^import type .*$/gm, '')))
      .map((file) => relative(SRC, file));
    expect(importers.filter((name) => !/^(service|testing)\//.test(name))).toEqual([]);
  });
});

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function code(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

function importsOf(file: string): string[] {
  const specifiers = [...code(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1]!);
  return specifiers
    .map((specifier) => resolve(dirname(file), specifier).replace(/\.js$/, '.ts'))
    .filter((path) => path.startsWith(SRC));
}

/** Of what is loaded with a file: neither types alone, nor what a call loads later. */
function valueImportsOf(file: string): string[] {
  const statements = code(file).matchAll(/^(import|export)(?! type\b)([^;]*?)from\s*'([^']+)'/gm);
  return [...statements]
    .filter(([, , names]) => !names!.split(/[{},]/).every((name) => name.trim() === '' || /^\s*type\s/.test(name)))
    .map(([, , , specifier]) => specifier!);
}

function featureOf(file: string): string {
  return relative(SRC, file).split('/')[0]!;
}

function cycles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) {
      found.push([...path.slice(start), file].map((step) => relative(SRC, step)).join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
