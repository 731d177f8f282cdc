import type { Mail } from '../mailer.js';
import type { TemplateKind, TemplateValues } from './template-values.js';

/**
 * Writes mails: subject, text and HTML that say the same. Default: templates, of which `MAIL_TEMPLATES` overrides any. Replace it to
 * write in the reader's language.
 *
 * @example
 * mails.write('password-reset', user.email, { url: links.to('/auth/password/reset', token), token, validSeconds: 3600 })
 */
export abstract class MailTemplates {
  /** @param to canonical e-mail address, as stored, never as typed by the requester */
  abstract write<K extends TemplateKind>(kind: K, to: string, values: TemplateValues[K]): Mail;
}
