import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { coreOptions, isSecureOrigin } from '../config/core-options.js';
import { Options } from '../config/options.js';
import type { HttpReply } from '../edge/http-exchange.js';

/** A cookie as a reply is to set it. */
export interface CookieToSet {
  /** Full name, prefix included. */
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly maxAgeSeconds: number;
  /** Whether scripts may read it (no HttpOnly): only what proves nothing. Default: they may not. */
  readonly isReadable?: boolean;
}

/** Writes cookies on either adapter. Every cookie is SameSite=Lax, of finite life, Secure on https, and HttpOnly unless it says otherwise. */
@Injectable()
export class Cookies {
  private readonly secure: boolean;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    options: Options,
  ) {
    this.secure = isSecureOrigin(options.of(coreOptions));
  }

  set(reply: HttpReply, { name, value, path, maxAgeSeconds, isReadable = false }: CookieToSet): void {
    const attributes = { maxAge: maxAgeSeconds, ...this.attributes(path), httpOnly: !isReadable };
    this.adapterHost.httpAdapter.setCookie(reply, name, value, attributes);
  }

  clear(reply: HttpReply, { name, path }: Pick<CookieToSet, 'name' | 'path'>): void {
    this.adapterHost.httpAdapter.clearCookie(reply, name, this.attributes(path));
  }

  /** `__Host-<base>`: the browser guarantees that no other host wrote it (RFC 6265bis §4.1.3.2). Path must be `/`. */
  hostName(base: string): string {
    return hostCookieName(base, this.secure);
  }

  private attributes(path: string) {
    return { path, httpOnly: true, secure: this.secure, sameSite: 'lax' as const };
  }
}

/** See {@link Cookies.hostName}. */
export function hostCookieName(base: string, isSecure: boolean): string {
  return isSecure ? `__Host-${base}` : base;
}

/**
 * Every value that a `Cookie` header has under this name, in its order. More than one means that another party (a sibling domain, an
 * older path) shadows a cookie; which one is genuine cannot be told here.
 */
export function cookiesIn(header: string | undefined, name: string): string[] {
  const values: string[] = [];
  if (header === undefined) return values;
  for (let at = header.indexOf(name); at >= 0; at = header.indexOf(name, at + name.length)) {
    const equals = skipBlanks(header, at + name.length);
    // Anything but blanks before it, back to the last semicolon: the end of another name, or part of a value.
    if (header[equals] !== '=' || !beginsPair(header, at)) continue;
    const end = header.indexOf(';', equals);
    values.push(trimmed(end < 0 ? header.slice(equals + 1) : header.slice(equals + 1, end)));
  }
  return values;
}

/** The names in a `Cookie` header that begin so, each once. */
export function cookieNamesIn(header: string | undefined, prefix: string): string[] {
  const names = (header ?? '').split(';').map((pair) => trimmed(pair.slice(0, Math.max(pair.indexOf('='), 0))));
  return [...new Set(names.filter((name) => name.startsWith(prefix)))];
}

/** Spaces and tabs only: to `trim()` a no-break space is one too, and would let a sibling domain forge the prefix. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function beginsPair(header: string, nameAt: number): boolean {
  let at = nameAt - 1;
  while (at >= 0 && isBlank(header.charCodeAt(at))) at--;
  return at < 0 || header[at] === ';';
}

function trimmed(text: string): string {
  const start = skipBlanks(text, 0);
  let end = text.length;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
