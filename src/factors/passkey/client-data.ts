import { fromBase64url } from './credential-json.js';

/** The browser's account of the ceremony and the page: WebAuthn Level 3 §5.8.1. Nothing in it has been checked. */
export interface ClientData {
  readonly type: unknown;
  readonly challenge: unknown;
  readonly origin: unknown;
  readonly crossOrigin?: unknown;
  readonly topOrigin?: unknown;
}

/** Null for what is no JSON object. */
export function readClientData(clientDataJSON: string): ClientData | null {
  const bytes = fromBase64url(clientDataJSON);
  if (!bytes) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ClientData) : null;
  } catch {
    return null;
  }
}

/**
 * Why a ceremony on this page is refused; null: it is not. Level 3 §7.1 and §7.2, the steps on `type`, `origin`, `crossOrigin`
 * and `topOrigin`.
 */
export function pageProblem(
  { type, origin, crossOrigin, topOrigin }: ClientData,
  wanted: { type: string; origins: readonly string[]; topOrigins: readonly string[] },
): string | null {
  if (type !== wanted.type) return 'other_ceremony';
  if (typeof origin !== 'string' || !wanted.origins.includes(origin)) return 'other_origin';
  if (crossOrigin !== undefined && typeof crossOrigin !== 'boolean') return 'cross_origin_malformed';
  if (!crossOrigin) return topOrigin === undefined ? null : 'top_origin_without_frame';
  if (wanted.topOrigins.length === 0) return 'framed';
  // Not every browser tells it yet.
  if (topOrigin === undefined) return null;
  return typeof topOrigin === 'string' && wanted.topOrigins.includes(topOrigin) ? null : 'other_top_origin';
}
