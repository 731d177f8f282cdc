import { type AuthChallenge, type AuthError } from '../kernel/auth-error.js';

/** Every 401 has a challenge (RFC 9110 §15.5.2), also where no ticket can be asked for. */
const USUAL = 'Bearer realm="coatcheck"';

/** Schemes whose challenges say what is wrong with a token: RFC 6750 §3, RFC 9449 §7.1. */
const OF_TOKENS = /^(?:Bearer|DPoP)(?: |$)/i;
const OF_PROOFS = /^DPoP(?: |$)/i;
const ABOUT_PROOFS: ReadonlySet<string | undefined> = new Set(['invalid_dpop_proof', 'use_dpop_nonce']);

/** Writes `WWW-Authenticate`. */
export class Challenges {
  private readonly asked: readonly string[];

  /**
   * @param asked the challenges of the strategies that are switched on, in their order
   * @param publicUrl of this service
   */
  constructor(
    asked: readonly string[],
    private readonly publicUrl: string,
  ) {
    this.asked = [...new Set(asked.length > 0 ? asked : [USUAL])];
  }

  /** Of a page that asks to sign in. */
  get ofPages(): string {
    return this.asked.join(', ');
  }

  /** For this refusal; null: none. */
  of(error: Pick<AuthError, 'status' | 'code' | 'challenge'>): string | null {
    const isAboutScopes = error.challenge?.error === 'insufficient_scope';
    if (error.status !== 401 && !isAboutScopes) return null;
    const ofTokens = this.asked.filter((one) => OF_TOKENS.test(one));
    const asked = isAboutScopes ? ofTokens : this.asked;
    const isTokenMeant = isAboutScopes || error.challenge?.resource !== undefined;
    const told = isTokenMeant && ofTokens.length === 0 ? [...asked, USUAL] : asked;
    return told.map((one) => this.withWhy(one, error)).join(', ');
  }

  private withWhy(challenge: string, error: Pick<AuthError, 'code' | 'challenge'>): string {
    if (!OF_TOKENS.test(challenge)) return challenge;
    const { scopes = [], resource } = error.challenge ?? {};
    const why = whyOf(error);
    const parameters = [
      ...(why && (OF_PROOFS.test(challenge) || !ABOUT_PROOFS.has(why)) ? [`error="${why}"`] : []),
      // RFC 6749 §3.3: no scope has anything that would have to be quoted.
      ...(scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : []),
      ...(resource === undefined ? [] : [`resource_metadata="${this.metadataOf(resource)}"`]),
    ];
    if (parameters.length === 0) return challenge;
    return `${challenge}${challenge.includes(' ') ? ', ' : ' '}${parameters.join(', ')}`;
  }

  /** RFC 9728 §3.1: the well-known part goes before the path of the resource. */
  private metadataOf(resource: string): string {
    const { origin, pathname } = new URL(this.publicUrl);
    return `${origin}/.well-known/oauth-protected-resource${pathname.replace(/\/$/, '')}${resource}`;
  }
}

/** RFC 6750 §3.1: a request that carried no token gets no error code. */
function whyOf({ code, challenge }: Pick<AuthError, 'code' | 'challenge'>): AuthChallenge['error'] {
  return challenge?.error ?? (code === 'token_expired' || code === 'session_ended' ? 'invalid_token' : undefined);
}
