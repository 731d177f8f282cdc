import type { Feature } from '../../config/feature.js';
import { RecoveryCodes } from '../../credentials/recovery-codes.js';
import { mergeWords } from '../../languages/define-words.js';
import { IssuedRecoveryCodes } from './issued-recovery-codes.js';
import { RecoveryCodePage } from './pages/recovery-code.page.js';
import { recoveryCodePages } from './pages/recovery-code-pages.js';
import { recoveryCodePagesWords } from './pages/recovery-code-pages.words.js';
import { RecoveryCodeController } from './recovery-code.controller.js';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { RecoveryCodeFactor } from './recovery-code.factor.js';
import { recoveryCodeWords } from './recovery-code.words.js';
import { recoveryCodeEvents, recoveryCodeSecurityLog } from './recovery-code-events.js';
import { RecoveryCodeRenewal } from './recovery-code-renewal.js';

export const recoveryCodeFeature: Feature = {
  name: 'recovery-code',
  pages: recoveryCodePages,
  words: mergeWords([recoveryCodeWords, recoveryCodePagesWords]),
  events: recoveryCodeEvents,
  securityLog: recoveryCodeSecurityLog,
  entities: [RecoveryCodeEntity],
  controllers: [RecoveryCodeController, RecoveryCodePage],
  factors: { recovery_code: RecoveryCodeFactor },
  providers: [IssuedRecoveryCodes, RecoveryCodeRenewal, { provide: RecoveryCodes, useExisting: IssuedRecoveryCodes }],
};
