import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { type CompactJWSHeaderParameters, CompactSign } from 'jose';
import type { SignatureFault, TokenMisbehaviour } from './fake-provider-settings.js';

type Algorithm = 'RS256' | 'ES256';

interface KeyPair {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const generatePair = promisify(generateKeyPair);

/** The signing keys of a fake provider, and how they are misused. */
export class FakeProviderKeys {
  private published: KeyPair[] = [];
  private stranger: Promise<KeyPair> | undefined;

  private constructor(private readonly algorithm: Algorithm) {}

  static async generate(algorithm: Algorithm): Promise<FakeProviderKeys> {
    const keys = new FakeProviderKeys(algorithm);
    await keys.rotate();
    return keys;
  }

  /** A new key signs from now on; the old ones are published no longer, unless they are kept. */
  async rotate({ keepOld = false } = {}): Promise<void> {
    this.published = [await newPair(this.algorithm), ...(keepOld ? this.published : [])];
  }

  /** RFC 7517 §5. */
  get jwks(): { keys: object[] } {
    const use = { use: 'sig', alg: this.algorithm };
    const jwkOf = ({ kid, publicKey }: KeyPair) => ({ ...publicKey.export({ format: 'jwk' }), kid, ...use });
    return { keys: this.published.map(jwkOf) };
  }

  /** A token in the compact form (RFC 7515 §3.1), signed by the newest key, unless something is wrong with it. */
  async sign(claims: object, typ: string, clientSecret: string, wrong: TokenMisbehaviour = {}): Promise<string> {
    const newest = this.published[0]!;
    const header = { alg: this.algorithmOf(wrong.signature), kid: newest.kid, typ, ...wrong.header };
    const payload = JSON.stringify({ ...claims, ...wrong.claims });
    if (wrong.signature === 'none') return `${encode(JSON.stringify(header))}.${encode(payload)}.`;
    const signer = new CompactSign(Buffer.from(payload)).setProtectedHeader(header as CompactJWSHeaderParameters);
    return spoil(await signer.sign(await this.keyOf(newest, clientSecret, wrong.signature)), wrong.signature);
  }

  private algorithmOf(signature: SignatureFault | undefined): string {
    return signature === 'none' ? 'none' : signature === 'hmac' ? 'HS256' : this.algorithm;
  }

  private async keyOf(newest: KeyPair, secret: string, signature: SignatureFault | undefined) {
    if (signature === 'hmac') return Buffer.from(secret);
    if (signature !== 'stranger') return newest.privateKey;
    this.stranger ??= newPair(this.algorithm);
    return (await this.stranger).privateKey;
  }
}

async function newPair(algorithm: Algorithm): Promise<KeyPair> {
  const pair =
    algorithm === 'RS256' ? generatePair('rsa', { modulusLength: 2048 }) : generatePair('ec', { namedCurve: 'P-256' });
  return { kid: randomUUID(), ...(await pair) };
}

function spoil(token: string, signature: SignatureFault | undefined): string {
  const end = token.lastIndexOf('.') + 1;
  if (signature === 'empty') return token.slice(0, end);
  if (signature !== 'flipped') return token;
  const bytes = Buffer.from(token.slice(end), 'base64url');
  bytes[0]! ^= 1;
  return token.slice(0, end) + bytes.toString('base64url');
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
