/** Values of a mail whose link proves who reads the mailbox. Build `url` by `MailLinks`, never from a request. */
export interface LinkValues {
  readonly url: string;
  /** The token alone, for those who cannot follow links. */
  readonly token: string;
  /** How long the link is good; a template gets it as text, `it.validFor`. */
  readonly validSeconds: number;
}

/** Values of a mail with a "this was not me" link. Null where there is nothing to undo any more. */
export interface NotMeValues {
  readonly url: string | null;
  readonly token: string | null;
  readonly validSeconds: number;
}

/** Values of a mail about an event. */
export interface EventValues {
  /** RFC 3339; a template gets it readable, in UTC. */
  readonly at: string;
  /** E.g. `Firefox on Linux`; null when unknown. Never an address of the network. */
  readonly device: string | null;
}

/**
 * Every mail there is, and what its templates are given, besides `to`, `site` and `publicUrl`: one closed list, to which each feature adds
 * what it declares with `defineMailTemplates`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: features add to it
export interface TemplateValues {}

/** Name of a mail, and of its templates. */
export type TemplateKind = keyof TemplateValues;

/** Mails whose values contain no secret, and may wait in the queue as they are. */
export type NotificationKind = {
  [K in TemplateKind]: TemplateValues[K] extends { readonly token: string } ? never : K;
}[TemplateKind];

/** Notifications about a way to sign in, each with a "this was not me" link. */
export type NotMeNotificationKind = {
  [K in NotificationKind]: TemplateValues[K] extends NotMeValues ? K : never;
}[NotificationKind];
