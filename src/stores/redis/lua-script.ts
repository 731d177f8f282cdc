import { createHash } from 'node:crypto';

/**
 * A step that Redis takes as one, with nothing of others in between. All its keys carry the same hash tag, `{...}`, so that
 * they are in one slot of a cluster. Instants are milliseconds, always the caller's.
 */
export class LuaScript {
  /** The hash by which `EVALSHA` finds it. */
  readonly sha: string;

  /** @param name what it does to what, e.g. `sessions.insert`: spans are named by it */
  constructor(
    readonly name: string,
    readonly text: string,
  ) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }
}
