import type { Feature } from '../../config/feature.js';
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
  words: totpWords,
  options: totpOptions,
  entities: [TotpEntity],
  controllers: [TotpController],
  factors: { totp: TotpFactor },
  providers: [SecretBox, TotpSecrets, TotpEnrolmentService],
};
