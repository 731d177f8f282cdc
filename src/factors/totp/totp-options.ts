import { defineOptions, list, text } from '../../config/option-section.js';

export interface TotpOptions {
  readonly totpKeys: readonly string[];
  readonly totpIssuer: string;
}

const KEY = /^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}$/;

export const totpOptions = defineOptions<TotpOptions>({
  title: 'TOTP',
  specs: {
    totpKeys: list({
      default: [],
      shape: 'id:key, comma-separated; keys of 32 bytes, base64url',
      each: (item) => KEY.test(item),
      description:
        'Encrypt the secrets of authenticator apps. The first is for new ones, and each use moves a secret to it; keep the old until then. Default: one derived from `SECRET_KEY`.',
    }),
    totpIssuer: text({
      default: '',
      shape: 'text without a colon',
      matches: /^[^:]{0,64}$/,
      description: 'What authenticator apps call this service. Empty: the host of `PUBLIC_URL`.',
    }),
  },
  validate: ({ totpKeys }) => {
    const ids = totpKeys.map((entry) => entry.slice(0, entry.indexOf(':')));
    if (new Set(ids).size === ids.length) return [];
    return [{ option: 'totpKeys', problem: 'has two keys of one id', remedy: 'give each its own id' }];
  },
});
