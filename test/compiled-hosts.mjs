// Installs the packed package into the hosts of `fixtures/` and compiles them, once for all suites that run them.
// Says `{ url }`, which is the folder, or `{ failure }`; deletes it at the end of the process that forked this one.
import { execFile } from 'node:child_process';
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { COMPILATIONS } from './fixtures/hosts.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const MODULES = join(ROOT, 'node_modules');
const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);

/** The strictest compiler: also the types of the package itself must hold, with what a host has installed. */
const STRICTEST = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: false,
  // The compiler's own are none of ours.
  skipDefaultLibCheck: true,
  types: ['node'],
};

const folder = mkdtempSync(join(tmpdir(), 'coatcheck-fixtures-'));
const stop = (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};
process.on('disconnect', () => stop(0));

try {
  const { url: unpacked, failure } = await (await fetch(`${process.env.COATCHECK_TEST_SERVERS}/package`)).json();
  if (failure) throw new Error(failure);
  const compilations = COMPILATIONS.map(({ compiler, hosts }, i) =>
    compile(join(folder, String(i)), unpacked, compiler, hosts),
  );
  await Promise.all(compilations);
  process.send?.({ url: folder });
} catch (error) {
  process.send?.({ failure: `${error}\n${error.stdout ?? ''}` });
  stop(1);
}

/** A folder of each host: the fixture, the package, and of node_modules only what it declares and these packages. */
async function compile(place, unpacked, compiler, hosts) {
  for (const [name, packages] of Object.entries(hosts)) install(join(place, name), unpacked, name, packages);
  link(place, '@types/node');
  const include = ['*/*.ts', '*/*.cts'];
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICTEST, include }));
  const tsc = join(MODULES, compiler, 'bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', place], { cwd: place });
}

function install(host, unpacked, name, packages) {
  copyTree(unpacked, join(host, 'node_modules', 'coatcheck'));
  const required = Object.keys(peerDependencies).filter((peer) => !(peer in peerDependenciesMeta));
  for (const dependency of [...Object.keys(dependencies), ...required, ...packages]) link(host, dependency);
  cpSync(join(import.meta.dirname, 'fixtures', name), host, { recursive: true });
  const manifest = { name: 'host', type: 'module', dependencies: { coatcheck: '*' } };
  writeFileSync(join(host, 'package.json'), JSON.stringify(manifest));
}

/** Real folders, not links: what the package imports has to be found from within the host. Its two thousand files are the same ones. */
function copyTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else linkSync(source, target);
  }
}

function link(place, dependency) {
  const path = join(place, 'node_modules', dependency);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(MODULES, dependency), path);
}
