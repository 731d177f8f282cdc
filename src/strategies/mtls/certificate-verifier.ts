import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ClientCertificate } from '../../access/certificate-binding.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { type Certificate, parseCertificate } from './certificate.js';
import { findChain } from './chain.js';
import { checkLists } from './revocation-lists.js';
import { Trust } from './trust.js';

/** A certificate that an anchor vouches for. Whose it is has not been asked. */
export interface VerifiedCertificate {
  readonly certificate: Certificate;
  /** The anchor's name. */
  readonly anchor: string;
  readonly from: Date;
  /** The nearest end of the certificates of the chain, and of the lists that were asked. */
  readonly until: Date;
  /** Of {@link Trust} when it was verified. */
  readonly generation: number;
}

/** Only what has been vouched for is remembered, so only the anchors can fill this. */
const REMEMBERED = 10_000;

/** Verifies certificates, each once, for as long as neither the files nor the time say otherwise. */
@Injectable()
export class CertificateVerifier {
  /** How many chains were walked. */
  walks = 0;
  /** By thumbprint. */
  private cache: LRUCache<string, VerifiedCertificate> | undefined;

  constructor(
    private readonly trust: Trust,
    private readonly clock: Clock,
  ) {}

  /** Made at the first certificate: its room is allocated at once. */
  private get verified(): LRUCache<string, VerifiedCertificate> {
    this.cache ??= new LRUCache({ max: REMEMBERED });
    return this.cache;
  }

  /** @throws AuthError `unauthenticated` when no anchor vouches for it, or one has taken it back */
  async verify(presented: ClientCertificate): Promise<VerifiedCertificate> {
    const known = this.verified.get(presented.thumbprint);
    if (known && this.holds(known)) return known;
    this.verified.delete(presented.thumbprint);
    const fresh = await this.walk(presented);
    this.verified.set(presented.thumbprint, fresh);
    return fresh;
  }

  /** Whether it may still be believed at this moment. */
  holds({ generation, from, until }: VerifiedCertificate): boolean {
    const now = this.clock.now();
    return generation === this.trust.generation && from <= now && now < until;
  }

  private async walk({ der, chain: others }: ClientCertificate): Promise<VerifiedCertificate> {
    this.walks += 1;
    const now = this.clock.now();
    // Before the first wait: what is found belongs to the files as they are now.
    const { generation, anchors } = this.trust;
    const certificate = parseCertificate(der);
    if (!certificate) throw refused('certificate_malformed');
    const chain = findChain(certificate, others, anchors, now);
    if (typeof chain === 'string') throw refused(chain);
    const listed = await checkLists(chain, now);
    if (typeof listed === 'string') throw refused(listed);
    const ends = chain.certificates.map(({ notAfter }) => notAfter.getTime());
    const until = new Date(Math.min(...ends, listed?.getTime() ?? Number.POSITIVE_INFINITY));
    const from = new Date(Math.max(...chain.certificates.map(({ notBefore }) => notBefore.getTime())));
    return { certificate, anchor: chain.anchor.name, from, until, generation };
  }
}

function refused(reason: string): AuthError {
  return new AuthError('unauthenticated', { reason });
}
