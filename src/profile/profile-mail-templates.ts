import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const profileMailTemplates = defineMailTemplates({
  'email-change-confirmation': {
    about: 'To the new address. The link confirms the change.',
    sample: SAMPLE.link,
    subject: 'Confirm your new e-mail address',
    opening:
      'This e-mail address was entered as the new address of an account at <%= it.site %>. If it was you, follow the link to confirm it.',
    link: 'Confirm the address',
    rest: [ONCE, 'If it was not you, do not follow the link. Nothing happens then.'],
  },
  'email-change-notice': {
    about: 'To the old address while the new one is unconfirmed. The link stops the change.',
    sample: { ...SAMPLE.link, newEmail: SAMPLE.newEmail },
    subject: 'A change of your e-mail address was requested',
    opening:
      'A change of the e-mail address of your account at <%= it.site %> to <%= it.newEmail %> was requested. If it was you, confirm it from the new mailbox. There is nothing to do here.',
    link: 'Stop the change',
    rest: [
      'If it was not you, follow the link. It ends every session, and you then receive an e-mail to choose a new password.',
      ONCE,
    ],
  },
  'email-changed': {
    about: 'To the old address after the change. The link undoes it.',
    sample: { ...SAMPLE.link, newEmail: SAMPLE.newEmail },
    subject: 'Your e-mail address was changed',
    opening: 'The e-mail address of your account at <%= it.site %> was changed to <%= it.newEmail %>.',
    link: 'Undo the change',
    rest: [
      'If it was not you, follow the link. It ends every session, and you then receive an e-mail to choose a new password.',
      ONCE,
    ],
  },
  'user-deleted': {
    about: 'To a user whose account was deleted.',
    sample: { at: SAMPLE.at },
    subject: 'Your account was deleted',
    opening: 'Your account at <%= it.site %> was deleted on <%= it.at %>. All sessions were ended.',
    rest: ['If it was not you, contact the people who run <%= it.site %> at once.'],
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
