import { parseApiKey } from '../strategies/api-key/api-key.js';
import { assertConfirmed } from './confirmation.js';
import type { AcceptedTicket, LookUpVerdict } from './look-up-verdict.js';
import { type RequestTicket, ticketOf } from './request-ticket.js';
import { assertSameSite } from './same-site.js';
import type { SignedTokens, TokenParties } from './signed-tokens.js';
import { fingerprint, type Known, type TicketView } from './ticket-view.js';
import { saidIn, type TokenClaims } from './token-claims.js';
import { headerIn } from './token-header.js';
import type { VerifiedAuth } from './verified-auth.js';
import { invalidToken, VerifyError } from './verify-error.js';
import type { VerifyRequest } from './verify-request.js';

/** What a recogniser needs besides the ticket. */
export interface RecogniserSettings {
  readonly cookieName: string | null;
  readonly trustedOrigins: ReadonlySet<string>;
  /** As they are set, or the service has said. */
  parties(): TokenParties;
  /** Whether the service publishes keys: else each token needs a look-up, once. Null: not known yet. */
  hasKeys(): boolean | null;
}

/** Whatever its kind. */
const MAX_CHARACTERS = 8192;
const API_KEY_PREFIX = 'cck_';

/** Recognises a request by its ticket. */
export class Recogniser {
  constructor(
    private readonly tokens: SignedTokens,
    private readonly view: TicketView,
    private readonly settings: RecogniserSettings,
  ) {}

  /**
   * Returns the caller; null without a ticket. Answers without a promise when this process knows for certain.
   *
   * @throws VerifyError (thrown, or as a rejection)
   */
  recognise(request: VerifyRequest): VerifiedAuth | null | Promise<VerifiedAuth> {
    const ticket = ticketOf(request, this.settings);
    if (ticket === null) return null;
    if (ticket.carrier === 'cookie') assertSameSite(request, this.settings.trustedOrigins);
    const { value } = ticket;
    if (value.startsWith(API_KEY_PREFIX)) {
      if (parseApiKey(value) === null) throw invalidToken('malformed_api_key');
      return this.ofText(ticket, request);
    }
    // Tickets that say nothing by themselves (opaque tokens, secrets of sessions) are for the service alone.
    if (!value.includes('.') || value.length > MAX_CHARACTERS) throw invalidToken('unknown_kind_of_ticket');
    // Until it is known what the service signs with, a token is the service's to judge, unless it says that it is of a published key.
    const isReadable = this.settings.hasKeys() ?? headerIn(value) !== null;
    return isReadable ? this.ofToken(ticket, request) : this.ofText(ticket, request);
  }

  private ofToken(ticket: RequestTicket, request: VerifyRequest): VerifiedAuth | Promise<VerifiedAuth> {
    const claims = this.tokens.read(ticket.value, this.settings.parties());
    if (claims instanceof Promise) return claims.then((later) => this.ofClaims(later, ticket, request));
    return this.ofClaims(claims, ticket, request);
  }

  /** A token whose own text is right: whether what it stands for lives, the view knows or the service says. */
  private ofClaims(
    claims: TokenClaims,
    ticket: RequestTicket,
    request: VerifyRequest,
  ): VerifiedAuth | Promise<VerifiedAuth> {
    assertConfirmed(claims.confirmation, ticket, request);
    const { session } = claims;
    const id = signatureOf(ticket.value);
    const key = session ? session.id : id;
    const known = this.view.peek(key);
    if (known && isJudged(known, id, claims)) return authOf(known.verdict, claims);
    const audience = session ? null : this.audienceOf(claims);
    return this.view
      .find(key, { id, ticket: ticket.value, audience })
      .then((verdict) => authOf(accepted(verdict), claims));
  }

  /** A ticket that cannot be read here: an API key, or a token of a service that publishes no keys. */
  private ofText(ticket: RequestTicket, request: VerifyRequest): VerifiedAuth | Promise<VerifiedAuth> {
    const confirmed = (found: AcceptedTicket) => {
      assertConfirmed(found.confirmation, ticket, request);
      this.assertIssuer(ticket.value, found);
      return found.auth;
    };
    const key = fingerprint(ticket.value);
    const known = this.view.peek(key);
    if (known) return confirmed(known.verdict);
    return this.view
      .find(key, { id: key, ticket: ticket.value, audience: this.audienceIn(ticket.value) })
      .then((verdict) => confirmed(accepted(verdict)));
  }

  private audienceOf({ audiences }: Pick<TokenClaims, 'audiences'>): string | null {
    const ours = this.settings.parties().audiences;
    return audiences.find((one) => ours?.has(one)) ?? null;
  }

  /** One of this service's, which the ticket must be for: the one that a token names, or the service refuses it. */
  private audienceIn(ticket: string): string | null {
    const { audiences: ours } = this.settings.parties();
    return this.audienceOf({ audiences: saidIn(ticket).audiences }) ?? ours?.values().next().value ?? null;
  }

  /** A token that only the service can read, once it has accepted it. */
  private assertIssuer(ticket: string, { auth }: AcceptedTicket): void {
    const { issuers } = this.settings.parties();
    if (auth.by === 'session' && issuers !== null && !issuers.has(saidIn(ticket).iss ?? ''))
      throw invalidToken('token_of_another_issuer');
  }
}

/**
 * Whether the service need not be asked about the token: the service has accepted this very one, or it is from before a change of its user, or
 * names another. Any other of the session it is to see once: it notes the first use of each (or a refresh would be taken for one whose response was lost), and judges
 * the key of each, of which this process may have heard too little.
 */
function isJudged({ verdict, seen }: Known, id: string, { session, sub }: TokenClaims): boolean {
  if (session === null || verdict.auth.user.id !== sub) return true;
  return verdict.revision > session.revision || (verdict.revision === session.revision && seen.has(id));
}

/** It tells tokens apart, and opens nothing. */
function signatureOf(token: string): string {
  return token.slice(token.lastIndexOf('.'));
}

function accepted(verdict: LookUpVerdict): AcceptedTicket {
  if (verdict.accepted) return verdict;
  const { code } = verdict;
  throw new VerifyError(code, {
    reason: 'refused_by_the_service',
    challenge: code === 'forbidden' ? {} : { error: 'invalid_token' },
  });
}

/** One answer stands for all tokens of a session that were accepted: each must be of its user, as the user is now. */
function authOf({ auth, revision }: AcceptedTicket, { session, sub }: TokenClaims): VerifiedAuth {
  if (session === null) return auth;
  if (auth.by !== 'session' || auth.session.id !== session.id || auth.user.id !== sub)
    throw invalidToken('session_of_another_user');
  if (revision === session.revision) return auth;
  throw new VerifyError('token_expired', { reason: 'user_changed_since', challenge: { error: 'invalid_token' } });
}
