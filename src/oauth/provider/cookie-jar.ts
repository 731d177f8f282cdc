import type { IncomingMessage } from 'node:http';
import { stateOf } from './request-state.js';

/** The library's name of its session cookie, which never leaves this process. */
export const SESSION = 'session';
/** Keeps the secret of a form for a browser in which no user is logged in. */
const VISIT = 'oauth-visit';
const VISIT_SECONDS = 900;

/** The part of Koa's cookies that the library uses. */
export interface Cookies {
  secure: boolean;
  get(name: string, options?: object): string | undefined;
  set(name: string, value?: string | null, options?: object): unknown;
}

export interface JarSettings {
  readonly isSecure: boolean;
  /** Full name of the cookie of our session. */
  readonly sessionCookie: string;
}

/**
 * The cookies of a request as the library sees them. The one of its session is the id of ours: reading it reads ours, writing it changes
 * nothing, clearing it clears ours. So there is one session to log out of, and no second one that could be another user's.
 */
export class CookieJar implements Cookies {
  constructor(
    private readonly inner: Cookies,
    private readonly request: IncomingMessage,
    private readonly settings: JarSettings,
  ) {}

  get secure(): boolean {
    return this.settings.isSecure;
  }

  /** The library guesses it by the connection, which may be a proxy's. */
  set secure(_guessed: boolean) {
    this.inner.secure = this.settings.isSecure;
  }

  get(name: string, options?: object): string | undefined {
    if (name !== SESSION) return this.inner.get(name, { ...options, signed: false });
    return stateOf(this.request).session?.id ?? this.inner.get(this.visitName(), { signed: false });
  }

  set(name: string, value?: string | null, options?: object): this {
    this.inner.secure = this.settings.isSecure;
    if (name !== SESSION) this.inner.set(name, value, { ...options, signed: false });
    else if (value === null || value === undefined) this.clear(this.settings.sessionCookie);
    else if (stateOf(this.request).session === null)
      this.inner.set(this.visitName(), value, { ...this.attributes(), maxAge: VISIT_SECONDS * 1000 });
    return this;
  }

  private clear(name: string): void {
    this.inner.set(name, null, this.attributes());
  }

  private visitName(): string {
    return this.settings.isSecure ? `__Host-${VISIT}` : VISIT;
  }

  private attributes() {
    const { isSecure: secure } = this.settings;
    return { path: '/', httpOnly: true, sameSite: 'lax', secure, overwrite: true, signed: false } as const;
  }
}
