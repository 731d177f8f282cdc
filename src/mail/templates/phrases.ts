import type { Paragraph } from './mail-declaration.js';

// What several built-in mails have in common: keys of `mail.words.ts`.

export const ONCE = 'mail.once';
export const WHEN: Paragraph = { given: 'device', word: 'mail.when-and-device', otherwise: 'mail.when-unknown-device' };
export const IF_ME = 'mail.if-me';
/** The rest of a mail whose link says "this was not me". */
export const NOT_ME: Paragraph = { given: 'url', word: 'mail.not-me', otherwise: 'mail.not-me-without-link' };
export const NOT_ME_LINK = { link: 'mail.not-me-link', isLinkOptional: true } as const;

const link = {
  url: 'https://auth.example.com/page?token=3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ',
  token: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ',
};

/** Values to try a template with. */
export const SAMPLE = {
  link: { ...link, validSeconds: 3600 },
  notMe: { ...link, validSeconds: 604_800 },
  at: '2026-11-21T09:00:00.000Z',
  newEmail: 'ada.king@example.com',
} as const;
