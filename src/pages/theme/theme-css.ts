import type { ConfigurationProblem } from '../../config/option-section.js';
import { PAGES_CSS } from '../assets/pages.css.js';

/** The custom properties that the style sheet of the pages reads. */
export const TOKENS: readonly string[] = [
  ...new Set([...PAGES_CSS.matchAll(/(?<![\w-])(--[\w-]+)\s*:/g)].map(([, name]) => name!)),
];

/** Nothing that loads a file, ends a declaration or escapes a character. */
const VALUE = /^[\w\s#%.,()/+*"'-]+$/;
const LOADING = /(url|src|image|image-set|element|paint)\s*\(/i;

/** The custom properties that a theme sets, by name. */
export type Tokens = ReadonlyMap<string, string>;

/**
 * Reads a style sheet that sets custom properties, and nothing else: `:root { --accent: #1f4fbf; }`, and comments.
 *
 * @param problems what is wrong with it is added, with the line
 */
export function readTokens(source: string, problems: ConfigurationProblem[]): Tokens {
  const tokens = new Map<string, string>();
  const refuse = (at: number, what: string, remedy: string) => {
    const line = source.slice(0, at).split('\n').length;
    problems.push({ option: 'pagesTheme', problem: `has in line ${line} ${what}`, remedy });
  };
  // Of the same length, so that lines stay what they are.
  const plain = source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const rule = /\s*(?:(:root)\s*\{([^{}]*)\}|(\S[^\n]*))/gy;
  for (let found = rule.exec(plain); found !== null; found = rule.exec(plain)) {
    const [all, root, body = ''] = found;
    const start = found.index + all.length - all.trimStart().length;
    if (root === undefined) {
      refuse(
        start,
        'something other than `:root { … }`',
        'set custom properties in `:root { … }` only; for more, use PAGES_TEMPLATES',
      );
      return tokens;
    }
    readBody(body, plain.indexOf('{', start) + 1, tokens, refuse);
  }
  return tokens;
}

function readBody(
  body: string,
  offset: number,
  tokens: Map<string, string>,
  refuse: (at: number, what: string, remedy: string) => void,
): void {
  let at = offset;
  for (const declaration of body.split(';')) {
    const start = at + declaration.length - declaration.trimStart().length;
    at += declaration.length + 1;
    if (declaration.trim() === '') continue;
    const [, name, value = ''] = /^\s*(--[\w-]+)\s*:([^:]*)$/.exec(declaration) ?? [];
    if (name === undefined) refuse(start, 'something other than a custom property', 'write `--name: value;`');
    else if (!TOKENS.includes(name)) refuse(start, `${name}, which no page uses`, `use these: ${TOKENS.join(', ')}`);
    else if (!VALUE.test(value) || LOADING.test(value) || !isBalanced(value)) {
      refuse(start, `a value of ${name} that is not allowed`, 'use colours, lengths and names of fonts; no addresses');
    } else tokens.set(name, value.trim());
  }
}

function isBalanced(value: string): boolean {
  const bare = value.replace(/"[^"\n]*"|'[^'\n]*'/g, '');
  let open = 0;
  for (const character of bare) {
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open < 0) return false;
  }
  return open === 0 && !/["']/.test(bare);
}

/** The declarations, as the style sheet gets them at its end. */
export function cssOf(tokens: Tokens): string {
  if (tokens.size === 0) return '';
  return `:root {\n${[...tokens].map(([name, value]) => `  ${name}: ${value};`).join('\n')}\n}\n`;
}

/** The light and the dark colour of a token, in the theme or in the built-in sheet; null where it is no plain colour. */
export function coloursOf(name: string, tokens: Tokens): readonly [light: string, dark: string] | null {
  const built = new RegExp(`(?<![\\w-])${name}\\s*:\\s*([^;]+);`).exec(PAGES_CSS)?.[1];
  const value = tokens.get(name) ?? built ?? '';
  const [, light, dark] = /^light-dark\(\s*(#[0-9a-f]+)\s*,\s*(#[0-9a-f]+)\s*\)$/i.exec(value.trim()) ?? [];
  if (light !== undefined && dark !== undefined) return [light, dark];
  return /^#[0-9a-f]+$/i.test(value.trim()) ? [value.trim(), value.trim()] : null;
}
