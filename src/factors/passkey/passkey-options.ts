import { type CoreOptions, coreOptions } from '../../config/core-options.js';
import {
  type ConfigurationProblem,
  choice,
  defineOptions,
  list,
  optionalText,
  seconds,
} from '../../config/option-section.js';
import type { Options } from '../../config/options.js';

export interface PasskeyOptions {
  readonly webauthnRpId: string | undefined;
  readonly webauthnRpName: string | undefined;
  readonly webauthnOrigins: readonly string[];
  readonly webauthnRelatedOrigins: readonly string[];
  readonly webauthnTopOrigins: readonly string[];
  readonly webauthnUserVerification: 'required' | 'preferred';
  readonly webauthnChallengeSeconds: number;
}

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

export const passkeyOptions = defineOptions<PasskeyOptions>({
  title: 'Passkeys',
  specs: {
    webauthnRpId: optionalText({
      isShown: true,
      shape: 'domain',
      matches: DOMAIN,
      description:
        'Domain that passkeys belong to. Default: the host of `PUBLIC_URL`. Changing it makes all passkeys useless.',
    }),
    webauthnRpName: optionalText({
      isShown: true,
      shape: 'text',
      description: 'Name of the service that browsers show. Default: the domain.',
    }),
    webauthnOrigins: list({
      isShown: true,
      default: [],
      shape: 'origins, comma-separated',
      description: 'Origins of the pages and apps that may use passkeys, compared exactly. Default: `PUBLIC_URL`.',
    }),
    webauthnRelatedOrigins: list({
      isShown: true,
      default: [],
      shape: 'origins, comma-separated',
      description:
        'Origins of other domains whose pages may use these passkeys, e.g. https://example.de beside example.com. Published at `/.well-known/webauthn`, which browsers read from the domain itself. Default: none.',
    }),
    webauthnTopOrigins: list({
      isShown: true,
      default: [],
      shape: 'origins, comma-separated',
      description: 'Sites that may embed these pages in a frame and use passkeys there. Default: none.',
    }),
    webauthnUserVerification: choice({
      of: ['preferred', 'required'],
      default: 'preferred',
      description:
        'Whether a passkey used as a second factor must verify its user (PIN, fingerprint). A passkey used alone always must.',
    }),
    webauthnChallengeSeconds: seconds({
      default: 300,
      min: 30,
      max: 900,
      description: 'Time limit for using or registering a passkey.',
    }),
  },
  validate: (values) => {
    const publicUrl = String(values.publicUrl);
    return URL.canParse(publicUrl) ? originProblems({ ...values, publicUrl }) : [];
  },
});

/** The relying party that these options make, WebAuthn Level 3 §4. */
export interface RelyingPartySettings {
  readonly rpId: string;
  readonly rpName: string;
  readonly origins: readonly string[];
}

/** Fills in what follows from `PUBLIC_URL`. */
function relyingPartyOf(values: PasskeyOptions & Pick<CoreOptions, 'publicUrl'>): RelyingPartySettings {
  const { origin, hostname } = new URL(values.publicUrl);
  const rpId = values.webauthnRpId ?? hostname;
  const own = values.webauthnOrigins.length > 0 ? values.webauthnOrigins : [origin];
  const origins = [...new Set([...own, ...values.webauthnRelatedOrigins])];
  return { rpId, rpName: values.webauthnRpName ?? rpId, origins };
}

/** The same, of the application's options. */
export function relyingPartyFrom(options: Options): RelyingPartySettings {
  return relyingPartyOf({ ...options.of(passkeyOptions), publicUrl: options.of(coreOptions).publicUrl });
}

function originProblems(values: PasskeyOptions & Pick<CoreOptions, 'publicUrl'>): ConfigurationProblem[] {
  const { rpId, origins } = relyingPartyOf({ ...values, webauthnRelatedOrigins: [] });
  const foreign = origins.filter((origin) => !belongs(origin, rpId));
  const problems = [...values.webauthnOrigins, ...values.webauthnTopOrigins]
    .filter((origin) => !isOrigin(origin))
    .map((origin) => ({
      option: values.webauthnOrigins.includes(origin) ? 'webauthnOrigins' : 'webauthnTopOrigins',
      problem: `contains ${origin}, which is not an origin`,
      remedy: 'give only scheme, host and port, e.g. https://www.example.com, or android:apk-key-hash:...',
    }));
  problems.push(...relatedProblems(values.webauthnRelatedOrigins, rpId));
  if (problems.length > 0 || foreign.length === 0) return problems;
  const remedy =
    'use the common parent domain of all origins, e.g. example.com for https://www.example.com, or name those of other domains in WEBAUTHN_RELATED_ORIGINS';
  return [{ option: 'webauthnRpId', problem: `(${rpId}) is not the domain of ${foreign.join(', ')}`, remedy }];
}

/** WebAuthn Level 3 §5.11: a browser reads the list from the domain, and lets in origins by TLS only. */
function relatedProblems(related: readonly string[], rpId: string) {
  const unusable = related
    .filter((origin) => !isOrigin(origin) || !origin.startsWith('https://'))
    .map((origin) => ({
      option: 'webauthnRelatedOrigins',
      problem: `contains ${origin}, which is not an origin by https`,
      remedy: 'give only scheme, host and port, e.g. https://www.example.de',
    }));
  if (unusable.length > 0) return unusable;
  return related
    .filter((origin) => belongs(origin, rpId))
    .map((origin) => ({
      option: 'webauthnRelatedOrigins',
      problem: `contains ${origin}, which belongs to ${rpId} itself`,
      remedy: 'name it in WEBAUTHN_ORIGINS',
    }));
}

/** Whether there is a list of related origins to publish. */
export function haveRelatedOrigins(options: Options): boolean {
  return options.of(passkeyOptions).webauthnRelatedOrigins.length > 0;
}

function isOrigin(text: string): boolean {
  if (/^(android|ios):\S+$/.test(text)) return true;
  return URL.canParse(text) && new URL(text).origin === text;
}

/** A browser refuses any other; applications are bound to the domain by files it serves. */
function belongs(origin: string, rpId: string): boolean {
  if (!URL.canParse(origin) || !/^https?:$/.test(new URL(origin).protocol)) return true;
  const { hostname } = new URL(origin);
  return hostname === rpId || hostname.endsWith(`.${rpId}`);
}
