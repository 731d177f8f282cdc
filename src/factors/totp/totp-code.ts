import { Secret, TOTP, URI } from 'otpauth';

/** RFC 6238 §5.2: one step either side makes up for a slow thumb and a wrong watch; more only helps who guesses. */
const DRIFT_STEPS = 1;
const PERIOD_SECONDS = 30;
/** 160 bits, RFC 4226 §4 R6. */
const SECRET_BYTES = 20;
const CODE = /^\d{6}$/;

/** The parameters that every authenticator app understands: SHA-1, six digits, thirty seconds. */
const FORM = { algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS } as const;

/** A new secret: random, base32, 32 characters. */
export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The address that authenticator apps read from a QR code: `otpauth://totp/…`. */
export function otpauthUri(secret: string, { issuer, label }: { issuer: string; label: string }): string {
  return new TOTP({ ...FORM, secret: Secret.fromBase32(secret), issuer, label }).toString();
}

/** Of other systems, some of which use 80 bits. */
const IMPORTED_BYTES = { least: 10, most: 64 };

/**
 * The secret of another system, in base32 or as `otpauth://totp/…`, as we store it; null for what is none, or belongs to codes of another
 * form than ours.
 */
export function readSecret(text: string): string | null {
  try {
    const scanned = /^otpauth:/i.test(text)
      ? URI.parse(text)
      : new TOTP({ ...FORM, secret: text.replace(/[\s-]/g, '') });
    const isOurs =
      scanned instanceof TOTP &&
      scanned.algorithm === FORM.algorithm &&
      scanned.digits === FORM.digits &&
      scanned.period === FORM.period;
    const { byteLength } = scanned.secret.buffer;
    return isOurs && byteLength >= IMPORTED_BYTES.least && byteLength <= IMPORTED_BYTES.most
      ? scanned.secret.base32
      : null;
  } catch {
    return null;
  }
}

/** The step a code belongs to, one either side of `now` at most; null when it is none of this secret. Spaces in it do not count. */
export function stepOf(code: string, secret: string, now: Date): number | null {
  const token = code.replaceAll(' ', '');
  if (!CODE.test(token)) return null;
  const totp = new TOTP({ ...FORM, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token, timestamp: now.getTime(), window: DRIFT_STEPS });
  return delta === null ? null : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
}
