import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';

const esmFolders = new Map<string, boolean>();

/** Whether the nearest package.json above `folder` says `"type": "module"`. */
function inEsmPackage(folder: string): boolean {
  const known = esmFolders.get(folder);
  if (known !== undefined) return known;
  const manifest = join(folder, 'package.json');
  const answer = existsSync(manifest)
    ? JSON.parse(readFileSync(manifest, 'utf8')).type === 'module'
    : dirname(folder) !== folder && inEsmPackage(dirname(folder));
  esmFolders.set(folder, answer);
  return answer;
}

/**
 * Jest transformer that turns TypeScript, and the ES modules inside node_modules, into CommonJS.
 *
 * NestJS 12 ships ES modules only, and Jest can `require()` those natively only from Node 24.9 on. Decorator metadata is
 * emitted, as Nest's injection needs it. Code under test must use neither top-level await nor `import.meta`.
 */
export function process(source: string, file: string): { code: string } {
  const typescript = /\.[cm]?ts$/.test(file);
  if (!typescript && !file.endsWith('.mjs') && !inEsmPackage(dirname(file))) return { code: source };
  return transformSync(source, {
    filename: file,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2023',
      parser: typescript ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' },
      transform: typescript ? { legacyDecorator: true, decoratorMetadata: true } : {},
    },
  });
}
