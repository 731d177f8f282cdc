import type { Mail } from './mailer.js';

/** What nodemailer is handed. Addresses are objects, so that it never parses one out of a text. */
export interface Envelope {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/** @param from `Name <address>`, `"Name" <address>` (RFC 5322 §3.2.4), or the address alone */
export function envelopeOf({ to, subject, text, html }: Mail, from: string): Envelope {
  const [, name, address] = /^"?(.*?)"? <(.*)>$/.exec(from) ?? [];
  return {
    from: { name: name ?? '', address: address ?? from },
    to: { name: '', address: to },
    // A line break would begin a header of its own.
    subject: subject.replace(/\p{Cc}+/gu, ' '),
    text,
    html,
    // RFC 3834 §5: no vacation notice comes back.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
