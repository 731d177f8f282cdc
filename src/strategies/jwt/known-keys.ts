import { Injectable } from '@nestjs/common';
import { Batcher } from '../../kernel/batcher.js';
import { type CredentialView, CredentialViews, type Kept } from '../../revocation/credential-view.js';
import type { Announcement, Subject } from '../../revocation/revocation-feed.js';
import { SingleFlight } from './single-flight.js';

const SUBJECT: Subject = 'key:signing-keys';

/** To be announced with whatever takes a key away, so that no node goes by what it knew. */
export const KEYS_CHANGED: Announcement = { subject: SUBJECT, kind: 'changed' };

/** Whether this node knows the signing keys for certain, as it knows sessions: under its lease, and until a revocation. */
@Injectable()
export class KnownKeys {
  private readonly view: CredentialView<Kept>;
  /** One at a time, so that what is older never comes after what is newer. */
  private readonly readings = new Batcher(async (requested: readonly null[]) => {
    await this.read();
    return requested.map(() => ({ subjects: [SUBJECT] }));
  });
  private readonly rereading = new SingleFlight(async () => void (await this.readings.load(null)));
  private read: () => Promise<void> = async () => undefined;

  constructor(views: CredentialViews) {
    this.view = views.createView<Kept>(1, true);
  }

  /** How the keys are read. */
  readBy(read: () => Promise<void>): void {
    this.read = read;
  }

  /** Null: nothing has been taken away since they were read. Else they are read, and are known when it resolves. */
  certain(): Promise<unknown> | null {
    return this.view.peek(SUBJECT) ? null : this.view.load(SUBJECT, () => this.readings.load(null));
  }

  /** Reads them after this call, but not as often as strangers like. */
  reread(): Promise<void> {
    return this.rereading.run();
  }
}
