import type { Feature } from '../config/feature.js';
import { defineTemplates } from '../pages/define-templates.js';
import { JwksController } from './jwks.controller.js';
import { KeyRotationController } from './key-rotation.controller.js';
import { keysEvents } from './keys-events.js';
import { areLeftOutWithJwt, keysOptions } from './keys-options.js';
import { KnownKeys } from './known-keys.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeys } from './signing-keys.js';
import { SigningKeysPage } from './signing-keys.page.js';
import { SIGNING_KEYS, SIGNING_KEYS_SAMPLE, WITHDRAW_KEYS, type WithdrawKeysValues } from './signing-keys.template.js';
import { signingKeysWords } from './signing-keys.words.js';
import { TypeormSigningKeys } from './typeorm-signing-keys.js';

/** The keys that sign tokens, whichever strategy they are of. */
export const keysFeature: Feature = {
  name: 'keys',
  events: keysEvents,
  words: signingKeysWords,
  pages: defineTemplates({
    'admin-keys': {
      source: SIGNING_KEYS,
      sample: SIGNING_KEYS_SAMPLE,
      nav: { area: 'admin', order: 50, path: '/admin/ui/keys', shownIf: (options) => !areLeftOutWithJwt(options) },
    },
    'admin-keys-withdraw': { source: WITHDRAW_KEYS, sample: { count: 2 } satisfies WithdrawKeysValues },
  }),
  options: keysOptions,
  entities: [SigningKeyEntity],
  controllers: [JwksController, KeyRotationController, SigningKeysPage],
  providers: [KnownKeys, { provide: SigningKeys, useClass: TypeormSigningKeys }],
};
