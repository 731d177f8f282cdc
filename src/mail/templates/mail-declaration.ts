import type { WordsByLanguage } from '../../languages/define-words.js';
import type { TemplateKind, TemplateValues } from './template-values.js';

/** The words of a mail in one language. `{name}` is a value; there is no markup. */
export interface MailWords {
  readonly subject: string;
  readonly opening: string;
  /** Where one mail tells of several kinds of change: of each `change` the sentence, without its full stop, that stands for `{what}`. */
  readonly changes?: Readonly<Record<string, string>>;
  /** Further ones, by the names that `link`, `rest` and `describe` give them. */
  readonly [word: string]: string | Readonly<Record<string, string>> | undefined;
}

/**
 * A paragraph: the name of one of the mail's words, or of a word that mails share (`mail.once`); or one or the other, by whether a value
 * is there.
 */
export type Paragraph = string | { readonly given: string; readonly word: string; readonly otherwise?: string };

/** The text of one of the mail's words, or of a shared one, in the language of the mail. */
export type WordOf = (word: string, values?: Readonly<Record<string, unknown>>) => string;

/**
 * A mail in plain words, as a feature declares it, in each language. Nothing in it may be markup, and no name of a user: the person who
 * typed an address chose the name, and would be mailing strangers.
 */
export interface MailDeclaration<Values extends object = object> {
  /** To whom it goes, and when: for the reference. */
  readonly about: string;
  /** Values of the shape that it gets: every template is tried with them at the start. */
  readonly sample: Values;
  /** The word that labels the link, in the mails that carry one. */
  readonly link?: string;
  /** It may be missing: `it.url` is null then. */
  readonly isLinkOptional?: boolean;
  /** Whether its token is of use in the link only: otherwise it is shown beside it, for those who cannot follow links. */
  readonly isTokenHidden?: boolean;
  /** The paragraphs after the opening and the link. */
  readonly rest: readonly Paragraph[];
  /** Further values that its words show, made of those it is given. */
  describe?(values: Values, word: WordOf): Readonly<Record<string, string | number>>;
  /** By language; English always, and every language of `PAGES_LANGUAGES` that the built-in ones are in. */
  readonly words: { readonly en: MailWords } & Readonly<Record<string, MailWords>>;
}

/** The mails of one or more features, by kind. */
export type MailDeclarations = Readonly<Record<string, MailDeclaration>>;

/** Every mail that the features of an application declare. */
export abstract class DeclaredMails extends Map<TemplateKind, MailDeclaration> {}

/** Names that the queue keeps beside a notification's values. */
const RESERVED = ['kind', 'notification', 'userId', 'email', 'tokenId', 'languages'];

/**
 * Declares the mails of a feature. What each is given, the feature adds to `TemplateValues`.
 *
 * @throws TypeError for a value of a reserved name
 */
export function defineMailTemplates<K extends TemplateKind>(
  mails: {
    readonly [kind in K]: MailDeclaration<TemplateValues[kind]>;
  },
): MailDeclarations {
  const declared = mails as MailDeclarations;
  for (const [kind, { sample }] of Object.entries(declared)) {
    const taken = RESERVED.filter((name) => name in sample);
    if (taken.length > 0) throw new TypeError(`the mail ${kind} has values of reserved names: ${taken.join(', ')}`);
  }
  return declared;
}

/** Key in the catalogue of what a mail calls `word`. A name with a dot is a key already: of a word that mails share. */
export function mailWordKey(kind: string, word: string): string {
  return word.includes('.') ? word : `mail.${kind}.${word}`;
}

/** Key of the sentence for a change. */
export function changeKey(kind: string, change: string): string {
  return `mail.${kind}.change.${change}`;
}

/** The kinds of change that a mail tells of; none for a mail that tells of one thing. */
export function changesOf({ words }: MailDeclaration): string[] {
  return Object.keys(words.en.changes ?? {});
}

/** The words of these mails, as the catalogue has them. */
export function wordsOfMails(mails: MailDeclarations): WordsByLanguage {
  const all: Record<string, Record<string, string>> = {};
  for (const [kind, { words }] of Object.entries(mails)) {
    for (const [language, { changes = {}, ...texts }] of Object.entries(words)) {
      all[language] ??= {};
      const flat = all[language];
      for (const [word, text] of Object.entries(texts)) flat[mailWordKey(kind, word)] = text as string;
      for (const [change, text] of Object.entries(changes)) flat[changeKey(kind, change)] = text;
    }
  }
  return all;
}
