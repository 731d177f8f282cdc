import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../access/caller.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import type { ArtifactRecord } from '../artifacts/oauth-artifacts.js';
import type { ShownCertificate } from './client-proofs.js';

/** The session of the browser that sends a request: of a user who logged in by themselves, and may do everything that they may. */
export interface BrowserSession {
  readonly id: string;
  readonly user: AuthUser;
  /** When factors were last proven. */
  readonly authenticatedAt: Date;
  readonly amr: readonly string[];
}

/** The session's state at one client, as far as it is noted. */
export interface NotedClient {
  readonly sid: string;
  readonly grantId: string | null;
}

/** The state of a request that is handed to the library. */
export interface RequestState {
  readonly session: BrowserSession | null;
  readonly caller: Caller;
  /** Null where none is shown, and where no client proves itself. */
  readonly certificate: ShownCertificate | null;
  readonly requestId: string;
  /** Folded path without its query. */
  readonly path: string;
  /** Of its session: filled when the library asks for it. */
  readonly noted: Map<string, NotedClient>;
  /** Tokens that are about to be handed out: written together, before they are. */
  readonly unwritten: ArtifactRecord[];
  /** Of a rotation under way: the refresh token that was handed out for the presented one before, if any. */
  successorId?: string | undefined;
}

const STATE = Symbol('coatcheck.oauth.request');

interface Marked extends IncomingMessage {
  [STATE]?: RequestState;
}

export function markRequest(request: IncomingMessage, state: RequestState): void {
  (request as Marked)[STATE] = state;
}

/** Whether the library was handed it. */
export function isMarked(request: IncomingMessage): boolean {
  return (request as Marked)[STATE] !== undefined;
}

/** @throws TypeError for a request that did not come by the mount: nothing is known of it */
export function stateOf(request: IncomingMessage): RequestState {
  const state = (request as Marked)[STATE];
  if (state === undefined) throw new TypeError('not a request of the OAuth mount');
  return state;
}
