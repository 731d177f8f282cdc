import type { Adapter, AdapterPayload } from 'oidc-provider';
import { SessionService } from '../../sessions/session.service.js';
import { hashOf } from '../artifacts/artifact-ids.js';
import type { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import type { SessionClients } from '../logout/session-clients.js';
import { currentContext } from './current-request.js';
import type { Library } from './library.js';
import { type RequestState, stateOf } from './request-state.js';

/** The library's note about a client in its session. */
interface Authorization {
  sid?: string;
  grantId?: string;
  persistsLogout?: boolean;
}

/** Pages with forms of the library's: it keeps their secret in the session. */
const WITH_FORMS = /^\/oauth\/(device|logout)(\/|$)/;
/** How long the secret of a form is good. */
export const FORM_SECONDS = 900;

export interface SessionAdapterParts {
  readonly library: Library;
  readonly artifacts: OAuthArtifacts;
  readonly clients: SessionClients;
  readonly sessions: SessionService;
  readonly inSeconds: (seconds: number) => Date;
}

/**
 * The library's session is ours: who is logged in, since when and by what is read from the request's cookie and never written here. What
 * the library adds is kept beside it: which clients a session is known to, and the secret of a form while it is open.
 */
export class SessionAdapter implements Adapter {
  constructor(private readonly parts: SessionAdapterParts) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    const state = this.current();
    const { session, path } = state;
    const forms = WITH_FORMS.test(path) ? await this.formsOf(id) : {};
    if (session === null || session.id !== id)
      return 'state' in forms ? ({ jti: id, uid: id, ...forms } as AdapterPayload) : undefined;
    return {
      jti: id,
      uid: id,
      accountId: session.user.id,
      loginTs: Math.floor(session.authenticatedAt.getTime() / 1000),
      amr: [...session.amr],
      // At a logout every client hears of the end of the session by the job that reads it, not by the library.
      authorizations: path.startsWith('/oauth/logout') ? {} : await this.authorizationsOf(id, state),
      ...forms,
    } as AdapterPayload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.find(uid);
  }

  async upsert(id: string, { state: forms, authorizations }: AdapterPayload): Promise<void> {
    const state = this.current();
    if (WITH_FORMS.test(state.path)) await this.keepForms(id, forms);
    if (state.session?.id === id) await this.note(state, (authorizations ?? {}) as Record<string, Authorization>);
  }

  async destroy(id: string): Promise<void> {
    const { session, caller } = this.current();
    await this.parts.artifacts.remove({ kind: 'Session', idHash: hashOf(id) });
    if (session?.id === id) await this.parts.sessions.end(id, 'client_logout', { origin: caller });
  }

  async consume(): Promise<void> {}
  async findByUserCode(): Promise<undefined> {}
  async revokeByGrantId(): Promise<void> {}

  private current(): RequestState {
    return stateOf(currentContext(this.parts.library).req);
  }

  private async authorizationsOf(id: string, { noted }: RequestState): Promise<Record<string, Authorization>> {
    const authorizations: Record<string, Authorization> = {};
    for (const { clientId, sid, grantId } of await this.parts.clients.of(id)) {
      noted.set(clientId, { sid, grantId });
      authorizations[clientId] = { sid, ...(grantId !== null && { grantId }), persistsLogout: true };
    }
    return authorizations;
  }

  /** One row a client: of several that are authorised at once in one browser, none is forgotten. */
  private async note({ session, noted }: RequestState, authorizations: Record<string, Authorization>): Promise<void> {
    const { id: sessionId, user } = session!;
    for (const [clientId, { sid, grantId = null }] of Object.entries(authorizations)) {
      const before = noted.get(clientId);
      if (sid === undefined || (before?.sid === sid && before.grantId === grantId)) continue;
      await this.parts.clients.note({ sessionId, clientId, userId: user.id, sid, grantId });
      noted.set(clientId, { sid, grantId });
    }
  }

  private async formsOf(id: string): Promise<{ state?: unknown }> {
    const found = await this.parts.artifacts.find({ kind: 'Session', idHash: hashOf(id) });
    return found === null || found.expiresAt <= this.parts.inSeconds(0) ? {} : { state: found.payload.state };
  }

  private async keepForms(id: string, state: unknown): Promise<void> {
    const key = { kind: 'Session', idHash: hashOf(id) };
    if (state === undefined) {
      await this.parts.artifacts.remove(key);
      return;
    }
    const expiresAt = this.parts.inSeconds(FORM_SECONDS);
    await this.parts.artifacts.put({ ...key, payload: { state }, grantId: null, handleHash: null, expiresAt });
  }
}
