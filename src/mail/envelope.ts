import type { Mail } from './mailer.js';

/** The envelope for nodemailer. Addresses are objects, so that it never parses one out of a text. */
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

/** @param from `Name <address>`, the name quoted or not, or the address alone */
export function envelopeOf({ to, subject, text, html }: Mail, from: string): Envelope {
  const [, written = '', address] = /^(.*) <(.*)>$/.exec(from) ?? [];
  // Nodemailer quotes a name by itself where it must.
  const name = written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, '$1') : written;
  return {
    from: { name, address: address ?? from },
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
