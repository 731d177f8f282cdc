import ts from 'typescript';
import { codeBlocksOf } from './markdown.js';

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as FunctionConstructor;

/** What a block of a guide exports. */
// biome-ignore lint/suspicious/noExplicitAny: a test knows what it runs
export type Exports = Record<string, any>;

/**
 * Runs a TypeScript block of a guide, as it is printed, and what it imports of the same page. A block that begins with the comment
 * `// <name>.ts` is that file; `coatcheck` is this package's source.
 *
 * @param environment what the block reads from `process.env`
 * @throws Error when the page has no such block
 */
export async function runGuideCode(
  page: string,
  file: string,
  environment: Record<string, string> = {},
): Promise<Exports> {
  const block = codeBlocksOf(page).find(
    ({ language, code }) => language === 'ts' && /^\/\/ ([\w.-]+\.ts)$/m.exec(code)?.[1] === file,
  );
  if (block === undefined) throw new Error(`${page} has no block ${file}`);
  const { outputText } = ts.transpileModule(block.code, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
    },
  });
  const exports: Exports = {};
  await AsyncFunction('exports', 'require', 'process', outputText)(exports, required, { ...process, env: environment });
  return exports;
}

function required(name: string): unknown {
  if (name === 'coatcheck/testing') return require('../../src/testing/index.js');
  if (name === 'coatcheck/verify') return require('../../src/verify/index.js');
  if (name === 'coatcheck/verify/nest') return require('../../src/verify/nest/index.js');
  if (name === 'coatcheck/verify/testing') return require('../../src/verify/testing/index.js');
  return name === 'coatcheck' ? require('../../src/index.js') : require(name);
}
