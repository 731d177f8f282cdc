/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** WCAG 2.2 §1.4.3: of text. */
export const LEAST_CONTRAST = 4.5;

/** `#1f4fbf` or `#fff`; null for anything else. */
export function readColour(text: string): Colour | null {
  const [, digits] = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text) ?? [];
  if (digits === undefined) return null;
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as unknown as Colour;
}

export function writeColour(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The colour nearest to this one, on the way to `end`, that can be read on all of these backgrounds; `end` where none can. */
export function readableOn(colour: Colour, backgrounds: readonly Colour[], end: Colour): Colour {
  for (let step = 0; step < 100; step++) {
    const mixed = colour.map((part, at) => Math.round(part + ((end[at]! - part) * step) / 100)) as unknown as Colour;
    if (backgrounds.every((background) => contrast(mixed, background) >= LEAST_CONTRAST)) return mixed;
  }
  return end;
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
