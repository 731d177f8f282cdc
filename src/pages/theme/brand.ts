import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { ConfigurationProblem } from '../../config/option-section.js';
import { type Colour, contrast, LEAST_CONTRAST, readableOn, readColour, writeColour } from './contrast.js';
import { coloursOf, type Tokens } from './theme-css.js';

const MOST_LOGO_BYTES = 65_536;
/** The first bytes of a file of each kind. */
const LOGOS: Readonly<Record<string, (content: Buffer) => boolean>> = {
  '.svg': (content) => /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(content.toString('utf8')),
  '.png': (content) => content.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  '.webp': (content) => content.subarray(0, 4).toString() === 'RIFF' && content.subarray(8, 12).toString() === 'WEBP',
};
const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];
const SCHEMES = ['light', 'dark'] as const;

/** The content of `PAGES_BRAND`. */
export interface Brand {
  /** Null: the host of `PUBLIC_URL`. */
  readonly name: string | null;
  readonly logo: { readonly file: string; readonly content: Buffer } | null;
  /** The accent, and the colour of what is written on it. */
  readonly tokens: Tokens;
}

/** @param problems what is wrong with it is added */
export function readBrand(option: string, theme: Tokens, problems: ConfigurationProblem[]): Brand {
  const parts = option.split(',').map((part) => part.trim());
  const [name = '', logo = '', accent = ''] = parts;
  const refuse = (problem: string, remedy: string) => problems.push({ option: 'pagesBrand', problem, remedy });
  if (parts.length > 3) refuse('has more than three parts', 'set it to name,logo,accent; a name contains no comma');
  return {
    name: name || null,
    logo: logo ? readLogo(logo, refuse) : null,
    tokens: accent ? readAccent(accent, theme, refuse) : new Map(),
  };
}

function readLogo(path: string, refuse: (problem: string, remedy: string) => void): Brand['logo'] {
  const extension = extname(path).toLowerCase();
  const remedy = `use an SVG, PNG or WebP file of at most ${MOST_LOGO_BYTES / 1024} kB`;
  const isKind = LOGOS[extension];
  try {
    if (statSync(path).size > MOST_LOGO_BYTES) refuse('names a logo that is too large', remedy);
    else {
      const content = readFileSync(path);
      if (isKind?.(content)) return { file: `logo${extension}`, content };
      refuse('names a logo that is no SVG, PNG or WebP file', remedy);
    }
  } catch (error) {
    refuse(`names a logo that cannot be read (${(error as NodeJS.ErrnoException).code})`, remedy);
  }
  return null;
}

function readAccent(accent: string, theme: Tokens, refuse: (problem: string, remedy: string) => void): Tokens {
  const [light, dark, ...more] = accent.split('/').map((part) => readColour(part.trim()));
  if (!light || dark === null || more.length > 0) {
    refuse('has an accent that is no colour', 'write it as #1f4fbf, or as #1f4fbf/#8fb1ff for light and dark');
    return new Map();
  }
  const [onLight, onDark] = backgroundsOf(theme);
  const pair = [light, dark ?? readableOn(light, onDark, WHITE)] as const;
  for (const [at, colour] of pair.entries()) {
    const backgrounds = [onLight, onDark][at]!;
    const least = Math.min(...backgrounds.map((background) => contrast(colour, background)));
    if (least >= LEAST_CONTRAST) continue;
    const better = writeColour(readableOn(colour, backgrounds, at === 0 ? BLACK : WHITE));
    const [has, needs] = [Math.floor(least * 10) / 10, LEAST_CONTRAST];
    refuse(
      `has an accent with a contrast of ${has}:1 in the ${SCHEMES[at]} scheme, less than ${needs}:1: links and buttons would be hard to read`,
      `use e.g. ${better}`,
    );
  }
  const written = pair.map(writeColour);
  const onAccent = pair.map((colour) => writeColour(contrast(colour, WHITE) >= LEAST_CONTRAST ? WHITE : [13, 18, 32]));
  return new Map([
    ['--accent', `light-dark(${written.join(', ')})`],
    ['--on-accent', `light-dark(${onAccent.join(', ')})`],
  ]);
}

/** The backgrounds of an accent: paper and card, in each scheme. */
function backgroundsOf(theme: Tokens): readonly [light: readonly Colour[], dark: readonly Colour[]] {
  const pairs = ['--paper', '--card'].map((token) => coloursOf(token, theme) ?? coloursOf(token, new Map())!);
  const of = (at: 0 | 1) => pairs.map((pair) => readColour(pair[at])).filter((colour) => colour !== null);
  return [of(0), of(1)];
}
