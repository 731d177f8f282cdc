import type { Feature } from '../../config/feature.js';
import { mergeWords } from '../../languages/define-words.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { EnrolTotpPage } from './enrol-totp.page.js';
import { ENROL_DONE, ENROL_TOTP } from './enrol-totp.template.js';
import { TotpPage } from './pages/totp.page.js';
import { totpPages } from './pages/totp-pages.js';
import { totpPagesWords } from './pages/totp-pages.words.js';
import { SecretBox } from './secret-box.js';
import { TotpController } from './totp.controller.js';
import { TotpEntity } from './totp.entity.js';
import { TotpFactor } from './totp.factor.js';
import { totpWords } from './totp.words.js';
import { TotpEnrolmentService } from './totp-enrolment.service.js';
import { totpOptions } from './totp-options.js';
import { TotpSecrets } from './totp-secrets.js';

export const totpFeature: Feature = {
  name: 'totp',
  words: mergeWords([totpWords, totpPagesWords]),
  options: totpOptions,
  entities: [TotpEntity],
  controllers: [TotpController, EnrolTotpPage, TotpPage],
  pages: {
    ...totpPages,
    ...defineTemplates({
      'enrol-totp': {
        source: ENROL_TOTP,
        sample: {
          secret: {
            text: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP',
            qrSvg: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
          },
          isPending: true,
          returnTo: '/account',
          problem: null,
        },
      },
      'enrol-done': { source: ENROL_DONE, sample: { recoveryCodes: ['q7zk-3m9d-x2rt-8wvh'], returnTo: null } },
    }),
  },
  factors: { totp: TotpFactor },
  providers: [SecretBox, TotpSecrets, TotpEnrolmentService],
};
