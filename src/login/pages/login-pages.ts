import { SAMPLE_WAYS } from '../../credentials/pages/credentials-pages.js';
import { OFFERED_SAMPLE } from '../../credentials/pages/proof-places.template.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { ENROL } from './enrol.template.js';
import { SIGN_IN } from './sign-in.template.js';
import { SIGN_IN_FACTOR } from './sign-in-factor.template.js';

export const loginPages = defineTemplates({
  'sign-in': {
    source: SIGN_IN,
    sample: {
      email: 'ada@example.com',
      returnTo: '/account',
      problem: SAMPLE_WAYS.problem,
      canSignUp: true,
      canReset: true,
      canSendVerification: true,
      hasUsernames: true,
      others: ['passkey'],
      offered: OFFERED_SAMPLE,
    },
    scripts: ['passkey.js'],
  },
  'sign-in-factor': {
    source: SIGN_IN_FACTOR,
    sample: { ...SAMPLE_WAYS, rememberDays: 30, loginToken: null },
    scripts: ['passkey.js'],
  },
  enrol: {
    source: ENROL,
    sample: {
      choices: [
        { name: 'totp', path: '/sign-in/enrol/totp' },
        { name: 'passkey', path: '/sign-in/enrol/passkey' },
      ],
    },
  },
});
