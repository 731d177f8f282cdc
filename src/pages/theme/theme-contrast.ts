import type { ConfigurationProblem } from '../../config/option-section.js';
import { type Colour, contrast, LEAST_CONTRAST, readColour } from './contrast.js';
import { coloursOf, type Tokens } from './theme-css.js';

/** Pairs of a text colour and its background. */
const PAIRS = ['--ink', '--soft', '--accent', '--good', '--bad'].flatMap((text) =>
  ['--paper', '--card'].map((background) => [text, background] as const),
);
const ON_ACCENT = [
  ['--on-accent', '--accent'],
  ['--on-bad', '--bad'],
] as const;

/** Texts that a theme makes hard to read. Colours that are no plain hexadecimal ones cannot be judged here. */
export function contrastProblems(theme: Tokens, all: Tokens): ConfigurationProblem[] {
  return [...PAIRS, ...ON_ACCENT].flatMap(([text, background]) => {
    if (!theme.has(text) && !theme.has(background)) return [];
    const [texts, backgrounds] = [coloursOf(text, all), coloursOf(background, all)];
    if (!texts || !backgrounds) return [];
    return (['light', 'dark'] as const).flatMap((scheme, at) => {
      const [one, other] = [readColour(texts[at]!), readColour(backgrounds[at]!)] as [Colour | null, Colour | null];
      if (!one || !other || contrast(one, other) >= LEAST_CONTRAST) return [];
      const has = Math.floor(contrast(one, other) * 10) / 10;
      const problem = `gives ${text} a contrast of ${has}:1 on ${background} in the ${scheme} scheme`;
      const remedy = `choose colours with a contrast of at least ${LEAST_CONTRAST}:1, e.g. light-dark(#1f4fbf, #8fb1ff)`;
      return [{ option: 'pagesTheme', problem, remedy }];
    });
  });
}
