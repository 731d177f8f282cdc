import type { TestReply } from './test-client.js';

/** A step of a test's preparation that failed: which one, with what, and what to look at. */
export class TestStepFailed extends Error {
  override readonly name = 'TestStepFailed';

  /** @param step e.g. `logging in ada@example.com` */
  constructor(
    readonly step: string,
    problem: string,
    remedy: string,
    cause?: unknown,
  ) {
    super(`${step}: ${problem}\n  -> ${remedy}`, { cause });
  }
}

/** @throws TestStepFailed with the whole reply, unless it has one of these statuses */
export async function expectReply(
  step: string,
  pending: Promise<TestReply>,
  statuses: readonly number[],
  remedy: string,
): Promise<TestReply> {
  const reply = await pending;
  if (statuses.includes(reply.status)) return reply;
  const problem = `expected ${statuses.join(' or ')}, got ${reply.status}: ${reply.text || '(an empty reply)'}`;
  throw new TestStepFailed(step, problem, remedy);
}

/** Resolves or rejects as `work`, or fails when that takes longer. */
export async function within<T>(seconds: number, work: Promise<T>, failure: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure()), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
