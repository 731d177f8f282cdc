import { Injectable } from '@nestjs/common';
import { cookiesIn } from '../../access/cookies.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { hashOf, withId } from '../artifacts/artifact-ids.js';
import { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import { OAuthProvider } from '../provider/oauth-provider.js';
import { OAUTH_TTL } from '../provider/oauth-ttl.js';

/** An interaction that the library waits for before it answers a client. */
export interface OpenInteraction {
  readonly uid: string;
  readonly prompt: string;
  /** Why it asks, in the library's words, e.g. `login_prompt`. */
  readonly reasons: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
  /** Of the client's request. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Who was signed in when it began; null: no user. */
  readonly accountId: string | null;
  /** By which session. */
  readonly sessionId: string | null;
  /** The grant that the client has from this session; null: none. */
  readonly grantId: string | null;
  /** Address at which the library goes on. */
  readonly returnTo: string;
  readonly startedAt: Date;
  /** Whether it is for a device, which no redirect leads to. */
  readonly isOfDevice: boolean;
}

/** As the library stores it. */
interface Payload {
  /** Without the id, see `withoutId`. */
  readonly returnTo: string;
  readonly prompt: {
    readonly name: string;
    readonly reasons: readonly string[];
    readonly details?: Record<string, unknown>;
  };
  readonly params?: Record<string, unknown>;
  readonly session?: { readonly accountId?: string; readonly cookie?: string };
  readonly grantId?: string;
  readonly lastSubmission?: Record<string, unknown>;
  readonly deviceCode?: string;
  readonly result?: Record<string, unknown>;
}

const UID = /^[A-Za-z0-9_-]{10,128}$/;
const KIND = 'Interaction';

/** The interactions that are open, each for the browser that began it. */
@Injectable()
export class OpenInteractions {
  constructor(
    private readonly artifacts: OAuthArtifacts,
    private readonly provider: OAuthProvider,
    private readonly clock: Clock,
  ) {}

  /** @throws AuthError `not_found` unless it is there, unanswered, and this browser's own */
  async find(uid: string, request: HttpRequest): Promise<OpenInteraction> {
    const { payload, expiresAt } = await this.stored(uid, request);
    const { returnTo, prompt, params = {}, session, grantId = null, deviceCode } = payload;
    return {
      uid,
      prompt: prompt.name,
      reasons: prompt.reasons,
      details: prompt.details ?? {},
      params,
      accountId: session?.accountId ?? null,
      sessionId: session?.cookie ?? null,
      grantId,
      returnTo: withId(returnTo, uid),
      startedAt: new Date(expiresAt.getTime() - OAUTH_TTL.Interaction * 1000),
      isOfDevice: deviceCode !== undefined,
    };
  }

  /**
   * Gives the library what it waits for. Of several answers one counts.
   *
   * @returns where the browser goes on
   * @throws AuthError `conflict` when it was answered before; `not_found` as {@link find}
   */
  async answer(uid: string, result: Readonly<Record<string, unknown>>, request: HttpRequest): Promise<string> {
    const { payload, expiresAt } = await this.stored(uid, request);
    const key = { kind: KIND, idHash: hashOf(uid) };
    if (!(await this.artifacts.consume(key))) throw new AuthError('conflict', { reason: 'interaction_answered' });
    // A login has made another session of it, which the library would take for a stranger's.
    const { session: _session, lastSubmission, ...rest } = payload;
    const answered = { ...rest, ...(lastSubmission && { lastSubmission }), result: { ...lastSubmission, ...result } };
    await this.artifacts.put({ ...key, payload: answered, grantId: null, handleHash: null, expiresAt });
    return withId(payload.returnTo, uid);
  }

  private async stored(uid: string, request: HttpRequest): Promise<{ payload: Payload; expiresAt: Date }> {
    if (!UID.test(uid) || !(await this.isOwn(uid, request)))
      throw new AuthError('not_found', { reason: 'interaction_of_another_browser' });
    const found = await this.artifacts.find({ kind: KIND, idHash: hashOf(uid) });
    if (found === null || found.expiresAt <= this.clock.now() || found.consumedAt !== null)
      throw new AuthError('not_found', { reason: 'no_open_interaction' });
    return { payload: found.payload as unknown as Payload, expiresAt: found.expiresAt };
  }

  /** A second cookie of that name was planted by another site. */
  private async isOwn(uid: string, { headers }: HttpRequest): Promise<boolean> {
    const library = await this.provider.current();
    const values = cookiesIn(headers.cookie, library.cookieName('interaction'));
    return values.length === 1 && values[0] === uid;
  }
}
