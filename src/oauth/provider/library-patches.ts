import { createHmac } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import type { OAuthClients } from '../clients/oauth-clients.js';
import { SESSION } from './cookie-jar.js';
import { currentContext } from './current-request.js';
import { LIBRARY_VERSION, type Library } from './library.js';
import type { RefreshGrace } from './refresh-grace.js';
import { stateOf } from './request-state.js';
import { FORM_SECONDS } from './session-adapter.js';

export interface PatchParts {
  readonly library: Library;
  readonly clients: OAuthClients;
  readonly artifacts: OAuthArtifacts;
  readonly grace: RefreshGrace;
  /** 32 bytes: sids are made of it. */
  readonly sidKey: Buffer;
}

/** The methods replaced in the library's classes: public ones, but not documented. `library-patches.spec.ts` fails when one of them has gone. */
interface Patched {
  readonly RefreshToken: { prototype: { generateTokenId(this: { jti?: string }): string } };
  readonly Session: {
    prototype: {
      touched: boolean;
      uid: string;
      readonly id: string;
      readonly exp?: number;
      save(seconds: number): Promise<unknown>;
      persist(): Promise<unknown>;
      resetIdentifier(): void;
      loginAccount(details: object): void;
      sidFor(clientId: string, value?: string): string | undefined;
      ensureClientContainer(clientId: string): void;
    };
  };
  readonly Client: {
    prototype: {
      clientId: string;
      compareClientSecret(actual: string): boolean | Promise<boolean>;
      includeSid(): boolean;
    };
  };
  readonly ReplayDetection: { unique(issuer: string, jti: string, exp: number): Promise<boolean> };
}

/** Lays our rules over a provider's own classes; other providers in the process are not touched. */
export function patchLibrary(provider: Provider, parts: PatchParts): void {
  assertPatchable(provider);
  const patched = provider as unknown as Patched;
  patchRefreshTokens(patched, parts);
  patchSessions(patched, parts);
  patchClients(patched, parts);
  patchReplays(patched, parts);
}

/** By class, what is replaced, and what the replacements call. */
const REPLACED = {
  RefreshToken: ['generateTokenId'],
  Session: ['resetIdentifier', 'loginAccount', 'ensureClientContainer', 'sidFor', 'persist', 'save'],
  Client: ['compareClientSecret', 'includeSid'],
} as const;

/** @throws TypeError where the library has changed: then nothing of ours would be asked, unnoticed */
function assertPatchable(provider: object): void {
  const classes = provider as Record<string, { prototype: Record<string, unknown>; unique?: unknown }>;
  for (const [name, methods] of Object.entries(REPLACED)) {
    const gone = methods.find((method) => typeof classes[name]?.prototype[method] !== 'function');
    if (gone) throw new TypeError(`oidc-provider has no ${name}.prototype.${gone} any more: use ${LIBRARY_VERSION}`);
  }
  if (typeof classes.ReplayDetection?.unique !== 'function')
    throw new TypeError(`oidc-provider has no ReplayDetection.unique any more: use ${LIBRARY_VERSION}`);
}

/** The same successor for everyone who shows its predecessor, so that a lost answer can be given again. */
function patchRefreshTokens({ RefreshToken: { prototype } }: Patched, { library, grace }: PatchParts): void {
  const original = prototype.generateTokenId;
  prototype.generateTokenId = function generateTokenId() {
    const ctx = library.Provider.ctx ? currentContext(library) : undefined;
    const predecessor = ctx?.oidc.entities.RotatedRefreshToken?.jti;
    if (ctx === undefined || predecessor === undefined) return original.call(this);
    return stateOf(ctx.req).successorId ?? grace.successorOf(predecessor);
  };
}

/** Our session says who is logged in, since when and under which id; the library may only note that it has looked. */
function patchSessions({ Session: { prototype } }: Patched, { library, sidKey }: PatchParts): void {
  const original = prototype.persist;
  // The library shows the form for a user code anew in its answer to a mistake, and gives up where the browser has brought no cookie.
  prototype.persist = function persist() {
    if (this.exp !== undefined) return original.call(this);
    currentContext(library).cookies.set(SESSION, this.id);
    return this.save(FORM_SECONDS);
  };
  prototype.resetIdentifier = function resetIdentifier() {
    this.touched = true;
  };
  prototype.loginAccount = function loginAccount() {};
  // The same for the same client and session, so that two requests at once cannot tell a client two of them.
  prototype.ensureClientContainer = function ensureClientContainer(clientId) {
    if (this.sidFor(clientId)) return;
    this.sidFor(clientId, createHmac('sha256', sidKey).update(`${this.uid} ${clientId}`).digest('base64url'));
  };
}

/** Only hashes of secrets are kept; and every client is told which session it is, not only those that can be called back. */
function patchClients({ Client: { prototype } }: Patched, { clients }: PatchParts): void {
  prototype.compareClientSecret = async function compareClientSecret(actual) {
    const client = await clients.find(this.clientId);
    return client !== null && typeof actual === 'string' && clients.isSecretRight(client, actual);
  };
  prototype.includeSid = () => true;
}

/** One statement, in the place of a look and then a write that two could pass side by side. */
function patchReplays({ ReplayDetection }: Patched, { artifacts }: PatchParts): void {
  ReplayDetection.unique = (issuer, jti, exp) => {
    const idHash = createHmac('sha256', issuer).update(jti).digest('base64url');
    const expiresAt = new Date(exp * 1000);
    return artifacts.putOnce({ kind: 'Replay', idHash, payload: {}, grantId: null, handleHash: null, expiresAt });
  };
}
