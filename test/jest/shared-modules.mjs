// What all spec files of one worker share: node_modules and src are evaluated once a process, by Node itself. Jest would evaluate
// them anew for each file, which costs seconds of CPU and keeps a copy of every library's state in memory.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { process as transform } from '../../dist/src/testing/jest-transformer.js';
import { rememberSource } from './source-positions.mjs';

const root = resolve(import.meta.dirname, '../..');
const SHARED = ['node_modules', 'src', 'migrations'].map((folder) => join(root, folder) + sep);
/** What transforms them, and what they were transformed to: a worker loads five hundred of them. */
const TRANSFORMER = readFileSync(join(root, 'dist/src/testing/jest-transformer.js'), 'utf8');
const CACHE = join(root, 'node_modules/.cache/coatcheck-tests');
const NAME = Symbol.for('coatcheck.shared-modules');

/** Loads a package or, by its path, a file as all spec files of this process see it. */
export const shared = createRequire(import.meta.url);

/** Whether a file is evaluated once a process. Spec files and what stands beside them in `test/` belong to one file's run. */
export function isShared(file) {
  return SHARED.some((folder) => file.startsWith(folder)) && !file.endsWith('.spec.ts');
}

/** Code that stands for a shared file in Jest's own module registry. */
export function standIn(file) {
  return `module.exports = globalThis[Symbol.for('coatcheck.shared-modules')](${JSON.stringify(file)});`;
}

/** Lets this process load TypeScript, and {@link standIn} find its way. Once a process. */
export function offerSharedModules() {
  if (globalThis[NAME]) return;
  Object.defineProperty(globalThis, NAME, { value: shared });
  Module._extensions['.ts'] = (module, file) => {
    const code = transformed(readFileSync(file, 'utf8'), file);
    rememberSource(file, code);
    module._compile(code, file, 'commonjs');
  };
  const resolveFilename = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...rest) {
    return typeScriptOf(request, parent?.filename) ?? resolveFilename.call(this, request, parent, ...rest);
  };
}

function transformed(source, file) {
  const hash = createHash('sha256').update(TRANSFORMER).update(file).update(source).digest('hex');
  const kept = join(CACHE, `${hash}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = transform(source, file);
  mkdirSync(CACHE, { recursive: true });
  // Never half a file: another worker may look for it now.
  const unfinished = `${kept}.${process.pid}`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, kept);
  return code;
}

/** The import of `./x.js` in a TypeScript file means `./x.ts`. */
function typeScriptOf(request, importer) {
  if (!importer?.endsWith('.ts') || !request.startsWith('.') || !request.endsWith('.js')) return undefined;
  const file = resolve(dirname(importer), `${request.slice(0, -3)}.ts`);
  return existsSync(file) ? file : undefined;
}
