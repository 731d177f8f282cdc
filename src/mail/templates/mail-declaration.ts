import type { TemplateKind, TemplateValues } from './template-values.js';

/**
 * A mail in plain words, as a feature declares it; `<%= it.x %>` is a value. Nothing else in it may be markup, and no name of a user: the person who
 * typed an address chose the name, and would be mailing strangers.
 */
export interface MailDeclaration<Values extends object = object> {
  /** To whom it goes, and when: for the reference. */
  readonly about: string;
  /** Values of the shape that it gets: every template is tried with them at the start. */
  readonly sample: Values;
  readonly subject: string;
  readonly opening: string;
  /** Label of the link, in the mails that carry one. */
  readonly link?: string;
  /** It may be missing: `it.url` is null then. */
  readonly isLinkOptional?: boolean;
  readonly rest: readonly string[];
  /** Where one mail tells of several kinds of change: of each `change` the sentence, without its full stop, that a template gets as `it.what`. */
  readonly sentences?: Readonly<Record<string, string>>;
}

/** The mails of one or more features, by kind. */
export type MailDeclarations = Readonly<Record<string, MailDeclaration>>;

/** Every mail that the features of an application declare. */
export abstract class DeclaredMails extends Map<TemplateKind, MailDeclaration> {}

/** What the queue keeps of a notification beside its values. */
const RESERVED = ['kind', 'notification', 'userId', 'email', 'tokenId'];

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
  const declared: MailDeclarations = mails;
  for (const [kind, { sample }] of Object.entries(declared)) {
    const taken = RESERVED.filter((name) => name in sample);
    if (taken.length > 0) throw new TypeError(`the mail ${kind} has values of reserved names: ${taken.join(', ')}`);
  }
  return declared;
}
