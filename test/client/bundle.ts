import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(__dirname, '../..');

/** What a bundler makes of a program that uses the client, as a page gets it. @param code imports `coatcheck/client` and its parts */
export async function bundled(
  code: string,
  {
    format = 'esm',
    minify = true,
    external = [],
  }: { format?: 'esm' | 'iife'; minify?: boolean; external?: string[] } = {},
): Promise<string> {
  const doors = { '': 'client', '/tokens': 'tokens/tokens', '/passkeys': 'passkeys/passkeys', '/react': 'react/react' };
  const alias = Object.entries(doors).map(([door, file]) => [
    `coatcheck/client${door}`,
    join(ROOT, `src/client/${file}.ts`),
  ]);
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    minify,
    external,
    format,
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    outdir: ROOT,
    define: { 'process.env.NODE_ENV': '"development"' },
    // The longest first, or its beginning would be taken for it.
    alias: Object.fromEntries(alias.reverse()),
  });
  return outputFiles[0]!.text;
}
