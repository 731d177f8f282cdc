import type { Feature } from '../../config/feature.js';
import { RecoveryCodes } from '../../credentials/recovery-codes.js';
import { IssuedRecoveryCodes } from './issued-recovery-codes.js';
import { RecoveryCodeController } from './recovery-code.controller.js';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { RecoveryCodeFactor } from './recovery-code.factor.js';
import { recoveryCodeWords } from './recovery-code.words.js';
import { recoveryCodeEvents, recoveryCodeUserLog } from './recovery-code-events.js';

export const recoveryCodeFeature: Feature = {
  name: 'recovery-code',
  words: recoveryCodeWords,
  events: recoveryCodeEvents,
  userLog: recoveryCodeUserLog,
  entities: [RecoveryCodeEntity],
  controllers: [RecoveryCodeController],
  factors: { recovery_code: RecoveryCodeFactor },
  providers: [IssuedRecoveryCodes, { provide: RecoveryCodes, useExisting: IssuedRecoveryCodes }],
};
