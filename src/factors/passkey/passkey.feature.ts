import type { Feature } from '../../config/feature.js';
import { mergeWords } from '../../languages/define-words.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { AssertionCeremony } from './assertion-ceremony.js';
import { CeremonyOptions } from './ceremony-options.js';
import { DecoyCredentials } from './decoy-credentials.js';
import { EnrolPasskeyPage } from './enrol-passkey.page.js';
import { LoginChallenges } from './login-challenges.js';
import { PasskeysPage } from './pages/passkeys.page.js';
import { passkeysWords } from './pages/passkeys.words.js';
import { passkeysPages } from './pages/passkeys-pages.js';
import { PasskeyEntity } from './passkey.entity.js';
import { PasskeyFactor } from './passkey.factor.js';
import { PasskeyPersonalData } from './passkey.personal-data.js';
import { PasskeyService } from './passkey.service.js';
import { PasskeyStore } from './passkey.store.js';
import { ENROL_PASSKEY, PASSKEY_SIGN_IN } from './passkey.templates.js';
import { passkeyWords } from './passkey.words.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { passkeyEvents } from './passkey-events.js';
import { PasskeyLoginController } from './passkey-login.controller.js';
import { passkeyOptions } from './passkey-options.js';
import { PasskeyRequests } from './passkey-requests.service.js';
import { PasskeySignInPage } from './passkey-sign-in.page.js';
import { PasskeyStepUpController } from './passkey-step-up.controller.js';
import { PasskeysController } from './passkeys.controller.js';
import { RegistrationCeremony } from './registration-ceremony.js';
import { RelatedOriginsController } from './related-origins.controller.js';
import { TypeormPasskeyStore } from './typeorm-passkey.store.js';

export const passkeyFeature: Feature = {
  name: 'passkey',
  words: mergeWords([passkeyWords, passkeysWords]),
  events: passkeyEvents,
  options: passkeyOptions,
  entities: [PasskeyEntity],
  controllers: [
    PasskeysController,
    PasskeyLoginController,
    PasskeyStepUpController,
    PasskeySignInPage,
    EnrolPasskeyPage,
    PasskeysPage,
    RelatedOriginsController,
  ],
  pages: {
    ...passkeysPages,
    ...defineTemplates({
      'passkey-sign-in': {
        source: PASSKEY_SIGN_IN,
        sample: {
          problem: { code: 'invalid_credentials', status: 401, fields: [], retryAfterSeconds: null },
          returnTo: null,
        },
      },
      'enrol-passkey': { source: ENROL_PASSKEY, sample: { returnTo: null, problem: null }, scripts: ['passkey.js'] },
    }),
  },
  factors: { passkey: PasskeyFactor },
  personalData: { passkeys: PasskeyPersonalData },
  providers: [
    { provide: PasskeyStore, useClass: TypeormPasskeyStore },
    PasskeyChallenges,
    LoginChallenges,
    DecoyCredentials,
    CeremonyOptions,
    RegistrationCeremony,
    AssertionCeremony,
    PasskeyRequests,
    PasskeyService,
  ],
};
