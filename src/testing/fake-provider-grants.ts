import { randomBytes, randomUUID } from 'node:crypto';
import type { FakeLogin } from './fake-provider-settings.js';

/** The parts of an authorization request that its code is bound to. */
export interface CodeBinding {
  readonly redirectUri: string;
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
}

/** One authorization by a person: root of its tokens. */
export interface FakeGrant {
  readonly id: string;
  readonly login: FakeLogin;
  readonly binding: CodeBinding;
  isEnded: boolean;
}

interface Issued {
  readonly grant: FakeGrant;
  readonly expiresAt: number;
  isUsed: boolean;
}

/** The grants of a fake provider, with the codes and tokens that rest on them. */
export class FakeProviderGrants {
  readonly all: FakeGrant[] = [];
  private readonly issued = new Map<string, Issued>();

  constructor(private readonly now: () => Date) {}

  begin(login: FakeLogin, binding: CodeBinding): FakeGrant {
    const grant = { id: randomUUID(), login, binding, isEnded: false };
    this.all.push(grant);
    return grant;
  }

  /** A new code or token. */
  issue(kind: 'code' | 'access' | 'refresh', grant: FakeGrant, seconds: number): string {
    const text = `${kind}_${randomBytes(24).toString('base64url')}`;
    this.issued.set(text, { grant, expiresAt: this.now().getTime() + seconds * 1000, isUsed: false });
    return text;
  }

  /** The grant behind a code or token that is good, and whether that was used before; null for any other. */
  find(kind: 'code' | 'access' | 'refresh', text: string | null): Issued | null {
    const issued = text?.startsWith(`${kind}_`) ? this.issued.get(text) : undefined;
    if (!issued || issued.grant.isEnded || issued.expiresAt <= this.now().getTime()) return null;
    return issued;
  }

  /** RFC 7009: an access token alone, a refresh token with all that rests on its grant. */
  revoke(text: string): void {
    const issued = this.issued.get(text);
    if (!issued) return;
    if (text.startsWith('refresh_')) issued.grant.isEnded = true;
    this.issued.delete(text);
  }
}
