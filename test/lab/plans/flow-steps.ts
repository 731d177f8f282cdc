import { randomUUID } from 'node:crypto';
import type { TestReply } from '../../../src/testing/index.js';

let counter = 0;

/** So that a flow that is refused, and asks for less, is seen. */
export async function answers(status: number, reply: Promise<TestReply>): Promise<TestReply> {
  const { status: actual, text } = await reply;
  if (actual !== status) throw new Error(`expected ${status}, got ${actual}: ${text}`);
  return reply;
}

/** Of nobody yet. */
export function newEmail(): string {
  return `flow-${++counter}-${randomUUID()}@example.com`;
}

/** Good enough for the policy. */
export function newPassword(): string {
  return `an engine weaves ${randomUUID()}`;
}
