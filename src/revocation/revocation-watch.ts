import type { NodeLease } from './node-lease.js';
import type { RevocationView } from './revocation-view.js';

/** For what is not asked at every request, and has to hear of revocations by itself. */
export class RevocationWatch {
  /** @param lease null: nothing is announced to this node, or not everything */
  constructor(private readonly lease: Pick<NodeLease, 'follow' | 'isHeld'> | null) {}

  /**
   * From now on the view is told of every revocation that this node applies, before the node acknowledges it; and by `clear` when some may
   * have been missed.
   */
  follow(view: RevocationView): void {
    this.lease?.follow(view);
  }

  /** Whether this node hears of revocations at this moment. */
  isTold(): boolean {
    return this.lease?.isHeld() ?? false;
  }
}
