/** The orders of the curves' groups (SEC 2 §2.4.2, §2.5.1, §2.6.1), by OpenSSL's names. */
const ORDERS: Readonly<Record<string, bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  secp521r1:
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
};

const [INTEGER, BIT_STRING, SEQUENCE] = [0x02, 0x03, 0x30];

/**
 * Whoever has a certificate signed by ECDSA as (r, s) can write another one, signed as (r, n - s), that is as good and says the
 * same, but has another fingerprint: by it they would be out of a revocation.
 *
 * @param der of a certificate whose signature was found to be right
 * @param curve of the key that signed it; undefined: it is no ECDSA signature, and there is no twin
 * @returns DER of that other certificate; null when there is none
 */
export function twinOf(der: Buffer, curve: string | undefined): Buffer | null {
  const order = ORDERS[curve ?? ''];
  if (order === undefined) return null;
  const [body, algorithm, signature] = elementsOf(contentOf(der)) as [Buffer, Buffer, Buffer];
  // The first byte says how many bits of the last are unused: none.
  const [r, s] = elementsOf(contentOf(contentOf(signature).subarray(1))) as [Buffer, Buffer];
  const other = order - BigInt(`0x${contentOf(s).toString('hex')}`);
  const twin = element(BIT_STRING, Buffer.from([0]), element(SEQUENCE, r, integer(other)));
  return element(SEQUENCE, body, algorithm, twin);
}

/** Where the content of a DER element begins and ends. */
function boundsOf(der: Buffer): [start: number, end: number] {
  const first = der[1]!;
  if (first < 0x80) return [2, 2 + first];
  const start = 2 + (first & 0x7f);
  return [start, start + der.readUIntBE(2, start - 2)];
}

function contentOf(der: Buffer): Buffer {
  return der.subarray(...boundsOf(der));
}

function elementsOf(content: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  for (let rest = content; rest.length > 0; rest = rest.subarray(elements.at(-1)!.length)) {
    elements.push(rest.subarray(0, boundsOf(rest)[1]));
  }
  return elements;
}

function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const whole = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(whole.length)]), whole]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const hex = length.toString(16);
  const bytes = [...Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')];
  return [0x80 | bytes.length, ...bytes];
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  // It would be a negative one.
  return element(INTEGER, Buffer.from(bytes[0]! < 0x80 ? [] : [0]), bytes);
}
