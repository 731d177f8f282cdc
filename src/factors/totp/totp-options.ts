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
        'Keys that encrypt the secrets of authenticator apps. The first one encrypts new secrets; each use of a secret moves it to the first key. Keep an old key until its secrets have moved. Default: a key derived from `SECRET_KEY`.',
    }),
    totpIssuer: text({
      isShown: true,
      default: '',
      shape: 'text without a colon',
      matches: /^[^:]{0,64}$/,
      description: 'Name of this service in authenticator apps. Empty: the host of `PUBLIC_URL`.',
    }),
  },
  validate: ({ totpKeys }) => {
    const ids = totpKeys.map((entry) => entry.slice(0, entry.indexOf(':')));
    if (new Set(ids).size === ids.length) return [];
    return [{ option: 'totpKeys', problem: 'contains two keys with the same id', remedy: 'give each key its own id' }];
  },
});
