import { defineTemplates } from '../../../pages/define-templates.js';
import {
  LINK_SAMPLE,
  MAILBOX_LINK,
  MAILBOX_SENT,
  MAILBOX_SIGN_IN,
  SENT_SAMPLE,
  SIGN_IN_SAMPLE,
} from './mailbox.templates.js';

export const mailboxPages = defineTemplates({
  'mailbox-sign-in': { source: MAILBOX_SIGN_IN, sample: SIGN_IN_SAMPLE },
  'mailbox-sent': { source: MAILBOX_SENT, sample: SENT_SAMPLE },
  'mailbox-link': { source: MAILBOX_LINK, sample: LINK_SAMPLE, scripts: ['link.js'] },
});
