import type { AdapterPayload } from 'oidc-provider';
import { hashOf, isIdOf } from '../artifacts/artifact-ids.js';
import type { DeviceCodes } from '../artifacts/device-codes.js';
import type { StoredArtifact } from '../artifacts/oauth-artifacts.js';
import { currentContext } from './current-request.js';
import { OnceAdapter, type SingleUseParts } from './single-use-adapters.js';
import type { UserCodeGuesses } from './user-code-guesses.js';

export interface DeviceCodeParts extends SingleUseParts {
  readonly deviceCodes: DeviceCodes;
  readonly guesses: UserCodeGuesses;
}

/** Stands for a device code where only its user code was shown: no client can ask for tokens with it. */
const MARK = '~';
const USER_CODE = /^[A-Z0-9]{4,32}$/;

/**
 * Device codes. Neither of their two codes is kept in clear; each poll is noted, so that a device that asks too often is told to slow down;
 * of several browsers that approve one, one does.
 */
export class DeviceCodeAdapter extends OnceAdapter {
  constructor(protected override readonly parts: DeviceCodeParts) {
    super('DeviceCode', parts);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const { library, artifacts } = this.parts;
    if (currentContext(library).oidc.route === 'token') return this.poll(id);
    if (!id.startsWith(MARK)) return undefined;
    const found = await artifacts.find({ kind: this.kind, idHash: id.slice(MARK.length) });
    return found === null ? undefined : this.payloadOf(id, found);
  }

  override async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    const { artifacts, deviceCodes, guesses, library } = this.parts;
    return guesses.counted(library, async () => {
      if (!USER_CODE.test(userCode)) return undefined;
      const found = await artifacts.findByHandle(this.kind, deviceCodes.handleOf(userCode));
      return found === null ? undefined : { ...this.payloadOf(`${MARK}${found.idHash}`, found), userCode };
    });
  }

  override async upsert(id: string, payload: AdapterPayload, seconds?: number): Promise<void> {
    const { artifacts, deviceCodes } = this.parts;
    const { userCode, ...kept } = payload as Record<string, unknown>;
    const record = this.recordOf(id, kept as AdapterPayload, seconds ?? 0);
    if (id.startsWith(MARK)) return this.advance(id.slice(MARK.length), record.payload);
    await artifacts.put({
      ...record,
      handleHash: typeof userCode === 'string' ? deviceCodes.handleOf(userCode) : null,
    });
  }

  private async poll(id: string): Promise<AdapterPayload | undefined> {
    if (!isIdOf(this.kind, id)) return undefined;
    const polled = await this.parts.deviceCodes.poll(hashOf(id));
    // A device that asks twice, its answer lost, gets none; but nothing of what it got ends by that.
    if (polled === null || polled.consumedAt !== null) return undefined;
    const { payload, isTooSoon } = polled;
    const isPending = payload.accountId === undefined && payload.error === undefined;
    const isLive = polled.expiresAt > this.parts.now();
    if (isTooSoon && isPending && isLive) throw new this.parts.library.errors.SlowDown();
    return this.payloadOf(id, { idHash: hashOf(id), ...polled } satisfies StoredArtifact & object);
  }

  /** A refused browser's statement about the code is not written: the decision is no longer that browser's. */
  private async advance(idHash: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    const isDecided = payload.accountId !== undefined || payload.error !== undefined;
    const hasWon = await this.parts.deviceCodes.advance(idHash, isDecided ? 'decided' : 'inFlight', payload);
    if (hasWon || payload.error !== undefined) return;
    throw new this.parts.library.errors.InvalidRequest('the code has been used already');
  }
}
