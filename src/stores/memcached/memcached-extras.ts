const THIRTY_DAYS = 30 * 86_400;

/** In place of an expiry: a number that is not there is not made. */
export const NOT_CREATED = Buffer.alloc(4, 0xff);

/** When a value may go. Memcached takes more than 30 days for an instant, by its clock; this is tidiness, not a deadline. */
export function expiryFor(lifeSeconds: number): Buffer {
  const seconds = Math.max(1, Math.ceil(lifeSeconds));
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(seconds <= THIRTY_DAYS ? seconds : Math.floor(Date.now() / 1000) + seconds);
  return bytes;
}

/** The extras of a command that writes a value: no flags, and the expiry. */
export function extrasFor(lifeSeconds: number): Buffer {
  return Buffer.concat([Buffer.alloc(4), expiryFor(lifeSeconds)]);
}

/** A whole number as `increment` and `decrement` take it, 8 bytes. */
export function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
