import { randomUUID } from 'node:crypto';
import { FakeProviderGrants } from './fake-provider-grants.js';
import type { FakeProviderKeys } from './fake-provider-keys.js';
import type {
  FakeLogin,
  FakePerson,
  FakeProviderEndpoint,
  FakeProviderKind,
  FakeProviderRequest,
  FakeProviderSettings,
  ProviderFault,
  ProviderMisbehaviour,
  TokenMisbehaviour,
} from './fake-provider-settings.js';

/** Which session of whom a logout token ends; without `sessionId` all of the person's. */
export interface FakeLogout {
  readonly person?: FakePerson;
  readonly sessionId?: string;
}

/** Back-Channel Logout 1.0 §2.4. */
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const LOGOUT_TOKEN_SECONDS = 120;

let people = 0;

/**
 * An outside provider on a loopback port, with one client. Authorization answers at once: the chosen person has logged in and agreed. By
 * `wrong` and `failNext` it misbehaves. Start one with `startFakeProvider`.
 */
export class FakeProvider {
  /** Who answers at the authorization; a function chooses by the request's parameters. Until it is set: the first person. */
  chosen: FakePerson | ((asked: URLSearchParams) => FakePerson) | undefined;
  /**
   * When the chosen user has logged in there: then they are not asked again (single sign-on), unless the request says so by `prompt=login` or a
   * `max_age` that is shorter ago. Until it is set: each time.
   */
  loggedInAt: Date | undefined;
  /** Its faults; `{}` for none. */
  wrong: ProviderMisbehaviour = {};
  /** Awaited before each answer: for tests that need something to happen in between. */
  before: (request: FakeProviderRequest) => unknown = () => undefined;
  /** Every request so far. */
  readonly requests: FakeProviderRequest[] = [];
  readonly people: FakePerson[] = [];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly kind: FakeProviderKind;
  /** @internal */
  readonly grants: FakeProviderGrants;
  private readonly failures: { endpoint: FakeProviderEndpoint; fault: ProviderFault }[] = [];

  /** @internal */
  constructor(
    readonly origin: string,
    readonly settings: FakeProviderSettings,
    /** @internal */
    readonly keys: FakeProviderKeys,
    private readonly close: () => Promise<void>,
  ) {
    this.kind = settings.kind ?? 'oidc';
    this.clientId = settings.clientId ?? 'coatcheck';
    this.clientSecret = settings.clientSecret ?? `secret-of-${this.clientId}-${randomUUID()}`;
    this.grants = new FakeProviderGrants(() => this.now());
  }

  /** The issuer, which is also where discovery and the endpoints are: `http://127.0.0.1:<port>`, and the path that was set. */
  get issuer(): string {
    return this.origin + (this.settings.path ?? '');
  }

  now(): Date {
    return this.settings.clock?.now() ?? new Date();
  }

  /** Someone new; what is not given is made up. The address is verified unless `emailVerified` says no. */
  addPerson(known: Partial<FakePerson> = {}): FakePerson {
    people += 1;
    const person = {
      subject: this.kind === 'github' ? String(1_000_000 + people) : `subject-${people}`,
      email: `person-${people}@outside.example`,
      emailVerified: true,
      name: `Person ${people}`,
      claims: {},
      ...known,
    };
    this.people.push(person);
    return person;
  }

  /** The authorizations that were given, oldest first. */
  get logins(): readonly FakeLogin[] {
    return this.grants.all.map(({ login }) => login);
  }

  /** Ends what a person (or one session of theirs) has granted: refresh tokens and access tokens are refused from now on. */
  revoke({ person, sessionId }: FakeLogout): void {
    for (const grant of this.grants.all) {
      const isOf = !person || grant.login.person.subject === person.subject;
      if (isOf && (!sessionId || grant.login.sessionId === sessionId)) grant.isEnded = true;
    }
  }

  /** A new signing key; the old one is published no longer, unless it is kept. */
  rotateKeys(how?: { keepOld?: boolean }): Promise<void> {
    return this.keys.rotate(how);
  }

  /** The next so many requests of an endpoint fail; whatever `wrong.faults` says comes after. */
  failNext(endpoint: FakeProviderEndpoint, fault: ProviderFault, times = 1): void {
    for (let i = 0; i < times; i++) this.failures.push({ endpoint, fault });
  }

  /** A token for the back-channel logout (OpenID Connect Back-Channel Logout 1.0 §2.4), right unless `wrong` says what not. */
  async logoutToken({ person, sessionId }: FakeLogout, wrong?: TokenMisbehaviour): Promise<string> {
    const iat = Math.floor(this.now().getTime() / 1000);
    const claims = {
      iss: this.issuer,
      aud: this.clientId,
      iat,
      exp: iat + LOGOUT_TOKEN_SECONDS,
      jti: randomUUID(),
      sub: person?.subject,
      sid: sessionId,
      events: { [LOGOUT_EVENT]: {} },
    };
    return this.keys.sign(claims, 'logout+jwt', this.clientSecret, wrong);
  }

  /** Posts a logout token as a provider does; gives the status of the answer. */
  async sendLogout(to: string, logout: FakeLogout, wrong?: TokenMisbehaviour): Promise<number> {
    const body = new URLSearchParams({ logout_token: await this.logoutToken(logout, wrong) });
    return (await fetch(to, { method: 'POST', body, redirect: 'manual' })).status;
  }

  /** Requests of one endpoint. */
  requestsTo(endpoint: FakeProviderEndpoint): readonly FakeProviderRequest[] {
    return this.requests.filter((request) => request.endpoint === endpoint);
  }

  /** Ends every connection, also those that hang. */
  stop(): Promise<void> {
    return this.close();
  }

  /** @internal */
  chosenFor(asked: URLSearchParams): FakePerson {
    if (typeof this.chosen === 'function') return this.chosen(asked);
    return this.chosen ?? this.people[0] ?? this.addPerson();
  }

  /** @internal OpenID Connect Core §3.1.2.1. */
  loginTimeFor(asked: URLSearchParams): Date {
    const now = this.now();
    const since = this.loggedInAt;
    const maxAge = asked.get('max_age');
    const isTooOld = since && maxAge !== null && (now.getTime() - since.getTime()) / 1000 > Number(maxAge);
    if (!since || isTooOld || asked.get('prompt')?.split(' ').includes('login')) return now;
    return since;
  }

  /** @internal */
  faultOf(endpoint: FakeProviderEndpoint): ProviderFault | undefined {
    const at = this.failures.findIndex((failure) => failure.endpoint === endpoint);
    return at < 0 ? this.wrong.faults?.[endpoint] : this.failures.splice(at, 1)[0]!.fault;
  }
}
