import type { Provider } from '../upstreams/provider.js';
import { apple } from './apple.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { google } from './google.js';
import { microsoft } from './microsoft.js';
import { oauth2 } from './oauth2.js';
import { oidc } from './oidc.js';

/** Every kind of connection. */
const PROVIDERS: Readonly<Record<string, Provider>> = {
  oidc,
  oauth2,
  google,
  github,
  microsoft,
  apple,
  gitlab,
};

export const KINDS = Object.keys(PROVIDERS);

/** Undefined when there is no such kind. */
export function providerOf(kind: string): Provider | undefined {
  return Object.hasOwn(PROVIDERS, kind) ? PROVIDERS[kind] : undefined;
}
