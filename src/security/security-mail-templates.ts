import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { SAMPLE } from '../mail/templates/phrases.js';

export const securityMailTemplates = defineMailTemplates({
  'admin-alert': {
    about:
      'To all admins: something was done to one of them, or somebody became one; `what` is a sentence without its full stop, with both addresses.',
    sample: { at: SAMPLE.at, what: 'root@example.com has banned ada@example.com' },
    subject: 'An admin’s account was changed',
    opening: '<%= it.what %>. This is about an admin of <%= it.site %>.',
    rest: [
      'When: <%= it.at %>.',
      'If nobody should have done it, end the sessions of whoever did, and look into the audit at once.',
    ],
  },
  'kept-additions': {
    about:
      'To whoever took something back: which ways in were added shortly before it and are still good, the earliest first.',
    sample: { ...SAMPLE.notMe, additions: [{ what: 'an authenticator app', at: SAMPLE.at }] },
    subject: 'Are these yours?',
    opening:
      'You took back what was done to your account at <%= it.site %>. These ways in were added shortly before, and are still good: <%= it.additions.map(({ what, at }) => `${what}, on ${at}`).join("; ") %>.',
    link: 'These are not all mine',
    isLinkOptional: true,
    rest: [
      'If you added all of them, there is nothing to do.',
      '<%= it.url ? `If not, follow the link, within ${it.validFor}: all of them go, every session ends, and you get a mail to choose a new password.` : "If not, get in touch with those who run " + it.site + "." %>',
    ],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'admin-alert': { readonly at: string; readonly what: string };
    readonly 'kept-additions': NotMeValues & {
      readonly additions: readonly { readonly what: string; readonly at: string }[];
    };
  }
}
