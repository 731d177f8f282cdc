import { Injectable, Logger } from '@nestjs/common';
import { type FactorProof, MOST_CONTEXT } from '../credentials/factor.js';
import { Factors } from '../credentials/factors.js';
import { SessionEnds } from '../sessions/session-ends.js';

/** A login, as far as its first proof has said what its factor wants to know again. */
interface ProvenStep extends Pick<FactorProof, 'context'> {
  /** Names of the factors, in their order. */
  readonly provenFactors: readonly string[];
}

/** Tells factors of the sessions that rest on their proofs. */
@Injectable()
export class FactorContexts {
  private readonly logger = new Logger('login');

  constructor(
    private readonly factors: Factors,
    private readonly ends: SessionEnds,
  ) {}

  /** Of a proof that was just given. @throws TypeError for a context that no login can carry */
  assertShort({ context }: Pick<FactorProof, 'context'>): void {
    if (context !== undefined && context.length > MOST_CONTEXT) {
      throw new TypeError(`the context of a proof is too long: ${context.length} characters, ${MOST_CONTEXT} at most`);
    }
  }

  /** Of a session that has started and no client holds yet. @throws whatever the factor does; the session has ended then */
  async passOn({ provenFactors, context }: ProvenStep, sessionId: string): Promise<void> {
    if (context === undefined) return;
    try {
      // Only a first proof has a context: those that follow are of a user who is known.
      await this.factors.named(provenFactors[0]!).onSession(context, sessionId);
    } catch (error) {
      await this.ends
        .endAll([sessionId], 'never_delivered')
        .catch(({ message }: Error) =>
          this.logger.warn(`a session that no client holds could not be ended (${message})`),
        );
      throw error;
    }
  }
}
