// What several built-in mails have in common.

export const ONCE = 'The link works once and expires in <%= it.validFor %>.';
export const WHEN = 'When: <%= it.at %>. Device: <%= it.device ?? "unknown" %>.';
export const IF_ME = 'If it was you, there is nothing to do.';
/** The rest of a mail whose link says "this was not me". */
export const NOT_ME =
  '<%= it.url ? `If it was not you, follow the link within ${it.validFor}. It removes everything that was added to your account since then and ends every session. You then receive an e-mail to choose a new password.` : "If it was not you, contact the people who run " + it.site + "." %>';
export const NOT_ME_LINK = { link: 'This was not me', isLinkOptional: true } as const;

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
