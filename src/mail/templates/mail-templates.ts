import type { Mail } from '../mailer.js';
import type { TemplateKind, TemplateValues } from './template-values.js';

/**
 * Writes mails: subject, text and HTML that say the same. Default: templates, of which `MAIL_TEMPLATES` overrides any. Replace it to
 * write them with another engine.
 *
 * @example
 * mails.write('password-reset', user.email, { url: links.to('/auth/password/reset', token), token, validSeconds: 3600 })
 */
export abstract class MailTemplates {
  /**
   * @param to canonical e-mail address, as stored, never as typed by the requester
   * @param language tag of the language that the reader wants; null or absent: the first of `PAGES_LANGUAGES`. A job handler passes on
   *   the one of its state
   */
  abstract write<K extends TemplateKind>(
    kind: K,
    to: string,
    values: TemplateValues[K],
    language?: string | null,
  ): Mail;
}
