import { type SessionSnapshot, SessionView, type SnapshotSource } from './session-view.js';

/** The view that keeps no view at all and asks the stores at every request: always right, one look-up a request. */
export class LookupSessionView extends SessionView {
  constructor(private readonly source: SnapshotSource) {
    super();
  }

  find(sessionId: string): Promise<SessionSnapshot | null> {
    return this.source.load(sessionId);
  }

  peek(): undefined {
    return undefined;
  }

  reload(sessionId: string): Promise<SessionSnapshot | null> {
    return this.source.load(sessionId);
  }

  see(): void {}
}
