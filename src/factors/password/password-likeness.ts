/** At most so many characters set a password apart from a word it is made of. */
const SMALL = 4;
const DECORATION = /[\d\W_]/;
/** Shorter ones stand in too many good passwords by chance. */
const SHORTEST_WORD = 3;

/** `1` is written for both. */
const LEET_I: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  9: 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const LEET_L = { ...LEET_I, 1: 'l' };

/** Whether a password is in the list but for case, leetspeak, or up to four digits or marks at its end. */
export function isVariantOf(list: ReadonlySet<string>, password: string): boolean {
  // Marks at the end before leetspeak, which would make letters of them.
  return undecorated(password).some((form) => spellings(form).some((spelling) => list.has(spelling)));
}

/** Whether nothing but four letters or digits is left of a password without these words, in any spelling. */
export function isMadeOf(words: readonly string[], password: string): boolean {
  const long = words.map(plain).filter((word) => word.length >= SHORTEST_WORD);
  const longestFirst = long.sort((a, b) => b.length - a.length);
  return spellings(password)
    .map(plain)
    .some((spelling) => {
      const left = longestFirst.reduce((rest, word) => rest.replaceAll(word, ''), spelling);
      return left.length < spelling.length && left.length <= SMALL;
    });
}

function spellings(password: string): string[] {
  const lower = password.toLowerCase();
  return [lower, unleet(lower, LEET_I), unleet(lower, LEET_L)];
}

function unleet(text: string, letters: Readonly<Record<string, string>>): string {
  return text.replace(/[0-9@$!]/g, (character) => letters[character] ?? character);
}

function undecorated(text: string): string[] {
  const forms = [text];
  for (let end = text.length; end > text.length - SMALL && end > 1 && DECORATION.test(text.charAt(end - 1)); end--) {
    forms.push(text.slice(0, end - 1));
  }
  return forms;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
