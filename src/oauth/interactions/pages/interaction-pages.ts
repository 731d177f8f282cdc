import { defineTemplates } from '../../../pages/define-templates.js';
import { CONSENT, CONSENT_SAMPLE } from './consent.template.js';
import {
  DEVICE,
  DEVICE_CONFIRM,
  DEVICE_CONFIRM_SAMPLE,
  DEVICE_DONE,
  DEVICE_DONE_SAMPLE,
  DEVICE_SAMPLE,
} from './device.template.js';
import { OAUTH_LOGOUT, OAUTH_LOGOUT_SAMPLE, OAUTH_SIGNED_OUT, OAUTH_SIGNED_OUT_SAMPLE } from './logout.template.js';
import { OAUTH_PROBLEM, OAUTH_PROBLEM_SAMPLE } from './oauth-problem.template.js';
import { CONTINUE, CONTINUE_SAMPLE, SWITCH, SWITCH_SAMPLE } from './sign-in-steps.template.js';

export const interactionPages = defineTemplates({
  'oauth-consent': { source: CONSENT, sample: CONSENT_SAMPLE },
  'oauth-continue': { source: CONTINUE, sample: CONTINUE_SAMPLE },
  'oauth-switch': { source: SWITCH, sample: SWITCH_SAMPLE },
  'oauth-device': { source: DEVICE, sample: DEVICE_SAMPLE },
  'oauth-device-confirm': { source: DEVICE_CONFIRM, sample: DEVICE_CONFIRM_SAMPLE },
  'oauth-device-done': { source: DEVICE_DONE, sample: DEVICE_DONE_SAMPLE },
  'oauth-logout': { source: OAUTH_LOGOUT, sample: OAUTH_LOGOUT_SAMPLE },
  'oauth-signed-out': { source: OAUTH_SIGNED_OUT, sample: OAUTH_SIGNED_OUT_SAMPLE },
  'oauth-problem': { source: OAUTH_PROBLEM, sample: OAUTH_PROBLEM_SAMPLE },
});
