import { isIP } from 'node:net';
import { type CoreOptions, isSwitchedOn } from '../config/core-options.js';
import {
  type ConfigurationProblem,
  choice,
  defineOptions,
  flag,
  integer,
  list,
  optionalText,
  seconds,
} from '../config/option-section.js';
import type { PagesOptions } from '../pages/pages-options.js';
import { readClientFile } from './clients/client-file.js';
import type { MetadataBounds } from './clients/metadata-fields.js';
import { readResourceFile } from './resources/resource-file.js';

export interface OAuthOptions {
  readonly oauthClients: string | undefined;
  readonly oauthResources: string | undefined;
  readonly oauthAccessTokenSeconds: number;
  readonly oauthRefreshTokenSeconds: number;
  readonly oauthOfflineGrantSeconds: number;
  readonly oauthRegistration: 'off' | 'token' | 'open';
  readonly oauthClientDocuments: 'off' | 'listed' | 'any';
  readonly oauthClientDocumentHosts: readonly string[];
  readonly oauthInteractionUrl: string | undefined;
  readonly oauthRs256: boolean;
  readonly oauthViewSize: number;
  readonly oauthInternalAddresses: readonly string[];
}

const DAY = 86_400;

export const oauthOptions = defineOptions<OAuthOptions>({
  title: 'OAuth and OpenID Connect (strategy oauth)',
  specs: {
    oauthClients: optionalText({
      shape: 'path of a JSON file',
      isShown: true,
      description:
        'Clients in addition to those in the database, for development and for applications that embed Coatcheck.',
    }),
    oauthResources: optionalText({
      shape: 'path of a JSON file',
      isShown: true,
      description: 'APIs that clients may request tokens for, with their scopes, in addition to those in the database.',
    }),
    oauthAccessTokenSeconds: seconds({
      default: 300,
      min: 10,
      max: DAY,
      description:
        'Lifetime of an access token for an API that says nothing else. A logout ends it at once in this service and at its introspection; other services that check it by themselves accept it until it expires.',
    }),
    oauthRefreshTokenSeconds: seconds({
      default: 30 * DAY,
      min: 60,
      max: 365 * DAY,
      description: 'A refresh token of a client expires after this time without use, and never later than its grant.',
    }),
    oauthOfflineGrantSeconds: seconds({
      default: 365 * DAY,
      min: 60,
      max: 3650 * DAY,
      description: 'How long a client may act without its user (`offline_access`, native applications).',
    }),
    oauthRegistration: choice({
      of: ['off', 'token', 'open'],
      default: 'off',
      description:
        'Whether clients may register themselves (RFC 7591): not at all, with a token that an admin made, or anyone, as public clients that always ask for consent.',
    }),
    oauthClientDocuments: choice({
      of: ['off', 'listed', 'any'],
      default: 'off',
      description:
        'Whether a client may be known by a document at its own address instead of being registered: not at all, of the hosts in `OAUTH_CLIENT_DOCUMENT_HOSTS`, or of any public host.',
    }),
    oauthClientDocumentHosts: list({
      default: [],
      shape: 'host names, comma-separated',
      each: (item) => /^[a-z0-9.-]+(:\d+)?$/.test(item),
      description: 'Hosts whose documents describe clients when `OAUTH_CLIENT_DOCUMENTS` is `listed`.',
    }),
    oauthInteractionUrl: optionalText({
      shape: 'URL',
      isShown: true,
      description:
        "Page of the application's own for sign-in and consent, called with `?interaction=`. Absent: Coatcheck's pages.",
    }),
    oauthRs256: flag({
      default: true,
      description: 'Whether clients may ask for ID tokens signed by RS256, which costs more than ES256.',
    }),
    oauthViewSize: integer({
      default: 100_000,
      min: 100,
      max: 10_000_000,
      description: 'How many grants a node keeps in memory, so that requests with their tokens cost no store call.',
    }),
    oauthInternalAddresses: list({
      isShown: true,
      default: [],
      shape: 'IP addresses or networks, comma-separated',
      each: (item) => /^[^/]+(\/\d{1,3})?$/.test(item) && isIP(item.split('/')[0]!) > 0,
      description: 'Addresses in internal networks at which clients may nevertheless be notified of ended sessions.',
    }),
  },
  validate: (values): ConfigurationProblem[] => [
    ...(isNamed(values) ? switchedOnProblems(values as unknown as OAuthOptions & CoreOptions & PagesOptions) : []),
    ...documentProblems(values),
    ...fileProblems(values),
  ],
});

/** Whether the provider is there at all. */
export const isOAuthOn = isSwitchedOn('oauth');

/** The bounds that clients must fit. */
export function metadataBounds(values: Pick<OAuthOptions, 'oauthRs256'>): MetadataBounds {
  const { authStrategies, mtlsBindTokens = false } = values as unknown as CoreOptions & { mtlsBindTokens?: boolean };
  return { allowsRs256: values.oauthRs256, readsCertificates: mtlsBindTokens || authStrategies.includes('mtls') };
}

/** So that mistakes in both files are told with everything else that is wrong. */
function fileProblems(values: OAuthOptions): ConfigurationProblem[] {
  const { oauthClients, oauthResources } = values;
  if (!isNamed(values)) return [];
  return [
    ...(oauthClients === undefined ? [] : readClientFile(oauthClients, metadataBounds(values)).problems),
    ...(oauthResources === undefined ? [] : readResourceFile(oauthResources).problems),
  ];
}

const isNamed = (values: object) => (values as CoreOptions).authStrategies.includes('oauth');

/** The problems of other options that the provider needs. */
function switchedOnProblems(values: OAuthOptions & CoreOptions & PagesOptions): ConfigurationProblem[] {
  const { authStrategies, publicUrl, pages, oauthInteractionUrl } = values;
  const problems: ConfigurationProblem[] = [];
  if (!authStrategies.includes('session')) {
    const problem = 'contains oauth without session: clients log users in by the session of their browser';
    problems.push({ option: 'authStrategies', problem, remedy: 'add session, e.g. session,oauth' });
  } else if (pages === 'off' && oauthInteractionUrl === undefined) {
    const problem = 'is missing, but PAGES is off: no user could sign in to a client';
    problems.push({ option: 'oauthInteractionUrl', problem, remedy: 'set it to a page of yours, or set PAGES=on' });
  }
  if (URL.canParse(publicUrl) && new URL(publicUrl).pathname !== '/') {
    const problem =
      'has a path, but the issuer of oauth is an origin: clients would look for the endpoints at its root';
    const remedy =
      'serve it at an origin of its own, e.g. https://auth.example.com, or take oauth out of AUTH_STRATEGIES';
    problems.push({ option: 'publicUrl', problem, remedy });
  }
  return problems;
}

function documentProblems(values: OAuthOptions): ConfigurationProblem[] {
  const { oauthClientDocuments, oauthClientDocumentHosts, oauthInteractionUrl } = values;
  const problems: ConfigurationProblem[] = [];
  if (oauthClientDocuments === 'listed' && oauthClientDocumentHosts.length === 0) {
    const remedy = 'list the hosts, or set OAUTH_CLIENT_DOCUMENTS to off or any';
    problems.push({
      option: 'oauthClientDocumentHosts',
      problem: 'is empty, but OAUTH_CLIENT_DOCUMENTS is listed',
      remedy,
    });
  }
  if (oauthInteractionUrl !== undefined && !/^https?:$/.test(protocolOf(oauthInteractionUrl))) {
    problems.push({
      option: 'oauthInteractionUrl',
      problem: 'is not an http address',
      remedy: 'set it to e.g. https://app.example.com/sign-in',
    });
  }
  return problems;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
