/** A link that proves who reads the mailbox. Build `url` by `MailLinks`, never from a request. */
export interface LinkValues {
  readonly url: string;
  /** The token alone, for those who cannot follow links. */
  readonly token: string;
  /** How long the link is good; a template gets it as text, `it.validFor`. */
  readonly validSeconds: number;
}

/** A link by which the reader says that it was somebody else. Null where there is nothing to undo any more. */
export interface NotMeValues {
  readonly url: string | null;
  readonly token: string | null;
  readonly validSeconds: number;
}

/** Something that happened. */
export interface EventValues {
  /** RFC 3339; a template gets it readable, in UTC. */
  readonly at: string;
  /** E.g. `Firefox on Linux`; null when unknown. Never an address of the network. */
  readonly device: string | null;
}

/** Every mail there is, and what its templates are given, besides `to`, `site` and `publicUrl`. */
export interface TemplateValues {
  /** To an address somebody registered with. `at`: when. */
  readonly 'email-verification': LinkValues & { readonly at: string };
  /** To a user at whose address somebody registers, or to which somebody wants to move. */
  readonly 'address-taken': Readonly<Record<never, never>>;
  readonly 'password-reset': LinkValues;
  /** To the former mailbox of an account that was taken back, and whose address is a stand-in now: `loginEmail`. */
  readonly 'account-taken-back': LinkValues & { readonly loginEmail: string };
  readonly 'password-changed': EventValues & NotMeValues;
  /** A login from a device not seen before. */
  readonly 'new-device': EventValues & NotMeValues;
  /** To the new address: the link confirms it. */
  readonly 'email-change-confirmation': LinkValues;
  /** To the old address, while the new one is unconfirmed: the link stops the change. */
  readonly 'email-change-notice': LinkValues & { readonly newEmail: string };
  /** To the old address, after the change: the link takes it back. */
  readonly 'email-changed': LinkValues & { readonly newEmail: string };
  /** How the user logs in has changed, or was tried: `what` is a sentence without its full stop. */
  readonly 'factor-notice': EventValues & NotMeValues & { readonly what: string };
  /** An admin has changed something: `what` is a sentence without its full stop. */
  readonly 'changed-by-admin': { readonly at: string; readonly what: string };
  /** To admins, of another one or of a new one: `what` is a sentence without its full stop, with both addresses. */
  readonly 'admin-alert': { readonly at: string; readonly what: string };
  /** Too many wrong passwords: the link unlocks. */
  readonly 'user-locked': LinkValues;
  /** So many wrong codes in a row, each after a right password: the link has codes looked at again at once. */
  readonly 'factor-guesses': LinkValues & { readonly failures: number };
  readonly 'user-deleted': { readonly at: string };
  /** `prefix`: how the key begins, which opens nothing. */
  readonly 'api-key-created': NotMeValues & { readonly at: string; readonly prefix: string };
  /** To whoever took something back: what was added shortly before it, and stays. The earliest first, each with its article. */
  readonly 'kept-additions': NotMeValues & {
    readonly additions: readonly { readonly what: string; readonly at: string }[];
  };
}

/** Name of a mail, and of its templates. */
export type TemplateKind = keyof TemplateValues;

/** Mails that carry no link of their own making: their values may wait in the queue as they are. */
export type NotificationKind = {
  [K in TemplateKind]: TemplateValues[K] extends { readonly token: string } ? never : K;
}[TemplateKind];

/** Notices of a way in: each carries a link by which its reader says that it was somebody else. */
export type NotMeNotificationKind = {
  [K in NotificationKind]: TemplateValues[K] extends NotMeValues ? K : never;
}[NotificationKind];
