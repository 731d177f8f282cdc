import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const profileMailTemplates = defineMailTemplates({
  'email-change-confirmation': {
    about: 'To the new address: the link confirms the change.',
    sample: SAMPLE.link,
    subject: 'Confirm your new e-mail address',
    opening:
      'Somebody wants to use this e-mail address for an account at <%= it.site %>. If it was you, follow the link to confirm it.',
    link: 'Confirm the address',
    rest: [ONCE, 'If it was not you, do not follow it: nothing happens then.'],
  },
  'email-change-notice': {
    about: 'To the old address, while the new one is unconfirmed: the link stops the change.',
    sample: { ...SAMPLE.link, newEmail: SAMPLE.newEmail },
    subject: 'Your e-mail address is being changed',
    opening:
      'Somebody asked to change the e-mail address of your account at <%= it.site %> to <%= it.newEmail %>. If it was you, there is nothing to do here: confirm from the new mailbox.',
    link: 'Stop the change',
    rest: [
      'If it was not you, follow the link: every session ends, and you get a mail to choose a new password.',
      ONCE,
    ],
  },
  'email-changed': {
    about: 'To the old address, after the change: the link takes it back.',
    sample: { ...SAMPLE.link, newEmail: SAMPLE.newEmail },
    subject: 'Your e-mail address was changed',
    opening: 'The e-mail address of your account at <%= it.site %> is now <%= it.newEmail %>.',
    link: 'Take the change back',
    rest: [
      'If it was not you, follow the link: every session ends, and you get a mail to choose a new password.',
      ONCE,
    ],
  },
  'user-deleted': {
    about: 'The account was deleted.',
    sample: { at: SAMPLE.at },
    subject: 'Your account was deleted',
    opening: 'Your account at <%= it.site %> was deleted on <%= it.at %>. Every session was ended.',
    rest: ['If it was not you, get in touch with those who run <%= it.site %> at once.'],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'email-change-confirmation': LinkValues;
    readonly 'email-change-notice': LinkValues & { readonly newEmail: string };
    readonly 'email-changed': LinkValues & { readonly newEmail: string };
    readonly 'user-deleted': { readonly at: string };
  }
}
