import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

/** An authority that makes a certificate in a millisecond, as a proxy would pass it on: nobody in a race proves to hold its key. */
export class Machines {
  static readonly SUBJECT = 'CN=race';
  private static made: Machines | undefined;

  private constructor(
    private readonly folder: string,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static get ofThisRun(): Machines {
    if (!Machines.made) throw new Error('no authority was made for this run');
    return Machines.made;
  }

  static async make(): Promise<Machines> {
    const keys = await pair();
    const ca = await X509CertificateGenerator.createSelfSigned(
      {
        ...lifetime(),
        name: 'CN=Machines',
        keys,
        signingAlgorithm: ALGORITHM,
        extensions: [new BasicConstraintsExtension(true)],
      },
      webcrypto as never,
    );
    const machines = new Machines(mkdtempSync(join(tmpdir(), 'coatcheck-races-')), keys);
    writeFileSync(machines.file, ca.toString('pem'));
    Machines.made = machines;
    return machines;
  }

  /** For nodes that trust it, and believe a proxy on this machine. */
  get environment(): NodeJS.ProcessEnv {
    return {
      AUTH_STRATEGIES: 'session,jwt,api-key,mtls',
      API_KEY_FRESH_SECONDS: '3600',
      MTLS_ANCHORS: `machines=${this.file}`,
      MTLS_HEADER: 'rfc9440',
    };
  }

  /** For one application in this process. */
  get trusted() {
    const mtlsAnchors = [`machines=${this.file}`];
    return { mtlsAnchors, mtlsHeader: 'rfc9440' as const, trustedProxies: ['127.0.0.1'] };
  }

  /** @returns the value of `Client-Cert`, and how an admin names the certificate */
  async certificate(): Promise<{ header: string; named: { anchor: string; issuer: string; serialNumber: string } }> {
    const made = await X509CertificateGenerator.create(
      {
        ...lifetime(),
        subject: Machines.SUBJECT,
        issuer: 'CN=Machines',
        publicKey: (await pair()).publicKey,
        signingKey: this.keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
      },
      webcrypto as never,
    );
    const named = { anchor: 'machines', issuer: made.issuer, serialNumber: made.serialNumber };
    return { header: `:${Buffer.from(made.rawData).toString('base64')}:`, named };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, 'machines.pem');
  }
}

function lifetime() {
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
}

function pair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
