import { Injectable } from '@nestjs/common';
import { SingleFlight } from '../kernel/single-flight.js';
import { type CredentialView, CredentialViews, type Kept } from '../revocation/credential-view.js';
import type { Announcement, Subject } from '../revocation/revocation-feed.js';

const SUBJECT: Subject = 'key:signing-keys';

/** To be announced with whatever takes a key away, so that no node goes by what it knew. */
export const KEYS_CHANGED: Announcement = { subject: SUBJECT, kind: 'changed' };

/** Between two readings on request: strangers can make a node ask. */
const PAUSE_MILLISECONDS = 20;

/** Whether this node knows the signing keys for certain, as it knows sessions: under its lease, and until a revocation. */
@Injectable()
export class KnownKeys {
  private readonly view: CredentialView<Kept>;
  /** One at a time, so that what is older never comes after what is newer. */
  private readonly reading = new SingleFlight(async () => {
    await this.read();
    return { subjects: [SUBJECT] };
  });
  private readonly rereading = new SingleFlight(() => this.reading.run(), PAUSE_MILLISECONDS);
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
    return this.view.peek(SUBJECT) ? null : this.view.load(SUBJECT, () => this.reading.run());
  }

  /** Reads them after this call, but not as often as strangers like. */
  async reread(): Promise<void> {
    await this.rereading.run();
  }
}
