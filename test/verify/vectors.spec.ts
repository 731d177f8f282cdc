import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StreamLine } from '../../src/followers/wire.js';
import { assertConfirmed } from '../../src/verify/confirmation.js';
import { Follower } from '../../src/verify/follower.js';
import { FollowerLease } from '../../src/verify/follower-lease.js';
import { ServiceCalls } from '../../src/verify/service-calls.js';
import { fingerprint, TicketView } from '../../src/verify/ticket-view.js';
import { VerifyError } from '../../src/verify/verify-error.js';
import { FakeVerifyClock, settled } from './fake-clock.js';
import { CREDENTIAL, FakeStream, URL_OF_SERVICE } from './fake-service.js';

type Step = Record<string, unknown> & { readonly sent?: readonly Record<string, unknown>[] };
interface Conversation {
  readonly name: string;
  readonly mode?: 'bounded';
  readonly steps: readonly Step[];
}

const VECTORS = resolve(__dirname, '../../docs/reference/verify-vectors.json');
const { conversations } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { conversations: Conversation[] };

/** A request that was sent, and how to answer it. */
interface Sent {
  readonly what: Record<string, unknown>;
  answer(status: number, body: unknown, retryAfter?: number): void;
}

/** The follower of this library, without its reading of tokens: tickets of the vectors are names. */
class Played {
  private readonly clock = new FakeVerifyClock();
  private readonly lease = new FollowerLease(this.clock);
  private readonly view: TicketView;
  private readonly follower: Follower;
  private sent: Sent[] = [];
  private readonly named = new Map<string, Sent>();
  private readonly outcomes = new Map<string, { is: string; by: string }>();
  private readonly tickets = new Set<string>();
  private stream: FakeStream | undefined;
  private readonly start = this.clock.milliseconds();

  constructor({ mode = 'acknowledged' }: Pick<Conversation, 'mode'> | { mode?: 'acknowledged' }) {
    const { clock, lease } = this;
    const url = new URL(URL_OF_SERVICE);
    const calls = new ServiceCalls({ url, authPath: 'auth', credential: CREDENTIAL, fetch: this.fetch, clock });
    this.view = new TicketView((asked, applied) => calls.lookUp(asked, applied), lease, clock, 100);
    const silent = { onLease() {}, onKeys() {}, onLost() {}, onRefused() {} };
    this.follower = new Follower(calls, lease, clock, silent, { mode, name: undefined, random: () => 0 });
  }

  async play(step: Step): Promise<void> {
    if ('start' in step) this.follower.start();
    if ('clock' in step) this.clock.suspend(this.start + Number(step.clock) - this.clock.milliseconds());
    if ('line' in step) this.tell(step.line as StreamLine);
    if ('closed' in step) this.stream?.close();
    if ('answered' in step) this.answer(step);
    if ('request' in step) void this.request(String(step.request), String(step.ticket));
    await settled();
    // Timers run when the clock is read anew, and not before.
    if ('clock' in step) await this.clock.pass(0);
    if (step.sent) this.expectSent(step.sent);
    if ('outcome' in step) {
      const { outcome, is, by } = step as { outcome: string; is: string; by?: string };
      expect(this.outcomes.get(outcome)).toMatchObject({ is, ...(by !== undefined && { by }) });
    }
    if ('pending' in step) expect(this.outcomes.has(String(step.pending))).toBe(false);
    if ('held' in step) expect(this.lease.isHeld()).toBe(step.held);
    if ('kept' in step) this.expectKept(step.kept as string[]);
  }

  async end(): Promise<void> {
    const closing = this.follower.close();
    for (const { answer } of this.sent) answer(204, undefined);
    for (const { answer } of this.named.values()) answer(500, {});
    while (this.sent.length > 0) {
      await settled();
      for (const { answer } of this.sent.splice(0)) answer(204, undefined);
    }
    await closing;
  }

  private readonly fetch: typeof fetch = (input, init) => {
    const { pathname } = new URL(String(input));
    const body = init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : {};
    const rest = decodeURIComponent(pathname.slice('/auth/followers'.length + 1));
    return new Promise((resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      const answer: Sent['answer'] = (status, reply, retryAfter) => {
        if (status === 0) return reject(new Error('no answer'));
        const headers = new Headers(retryAfter === undefined ? [] : [['retry-after', String(retryAfter)]]);
        const text = reply === undefined ? null : JSON.stringify(reply);
        resolve(new Response(text, { status, headers }));
      };
      if (init?.method === 'DELETE') {
        this.sent.push({ what: { end: { id: rest } }, answer });
        return resolve(new Response(null, { status: 204 }));
      }
      if (init?.method === 'PUT') return this.sent.push({ what: { put: { id: rest, ...body } }, answer });
      if (rest === 'look-ups') return this.sent.push({ what: { 'look-up': body }, answer });
      // Answered 200, it is not written down: its lines are.
      this.open = () => {
        this.stream = new FakeStream(init?.signal);
        resolve(new Response(this.stream.body));
      };
      return this.sent.push({ what: { open: body }, answer });
    });
  };

  private open: (() => void) | null = null;

  private tell(line: StreamLine): void {
    this.open?.();
    this.open = null;
    this.stream!.line(line);
  }

  private answer({ answered, status, body, retryAfter }: Step): void {
    this.named.get(String(answered))!.answer(Number(status), body ?? {}, retryAfter as number | undefined);
  }

  private async request(name: string, ticket: string): Promise<void> {
    this.tickets.add(ticket);
    const key = fingerprint(ticket);
    const known = this.view.peek(key);
    if (known) return void this.outcomes.set(name, { is: 'accepted', by: 'view' });
    const is = await this.view
      .find(key, { id: key, ticket, audience: null })
      .then(outcomeOf, (error: unknown) => codeOf(error));
    this.outcomes.set(name, { is, by: 'look-up' });
  }

  private expectSent(wanted: readonly Record<string, unknown>[]): void {
    const sent = this.sent.splice(0);
    // A look-up waits for nothing that concerns the stream: which of them is sent first is no rule.
    const isLookUp = (what: object) => Number('look-up' in what);
    const ordered = <T>(all: readonly T[], whatOf: (one: T) => object) =>
      [...all].sort((a, b) => isLookUp(whatOf(a)) - isLookUp(whatOf(b)));
    const found = ordered(sent, ({ what }) => what);
    const expected = ordered(wanted, (one) => one);
    expect(found.map(({ what }) => what)).toEqual(expected.map(({ as: _, ...what }) => what));
    expected.forEach(({ as }, at) => {
      if (as !== undefined) this.named.set(String(as), found[at]!);
    });
  }

  private expectKept(wanted: readonly string[]): void {
    expect(this.view.size).toBe(wanted.length);
    if (this.lease.isHeld())
      expect([...this.tickets].filter((one) => this.view.peek(fingerprint(one))).sort()).toEqual([...wanted].sort());
  }
}

function outcomeOf(verdict: Awaited<ReturnType<TicketView['find']>>): string {
  if (!verdict.accepted) return verdict.code;
  try {
    assertConfirmed(verdict.confirmation, { isDpop: false }, { headers: {} });
    return 'accepted' satisfies string;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof VerifyError) return error.code;
  throw error;
}

describe('the follower of this library, in a scripted conversation,', () => {
  it.each(conversations)('$name', async (conversation) => {
    const played = new Played(conversation);
    try {
      for (const [number, step] of conversation.steps.entries()) {
        try {
          await played.play(step);
        } catch (error) {
          throw new Error(`step ${number} ${JSON.stringify(step).slice(0, 300)}: ${(error as Error).message}`);
        }
      }
    } finally {
      await played.end();
    }
  });

  it('there are enough of them to prove something', () => {
    expect(conversations.length).toBeGreaterThan(50);
    const verdicts = JSON.stringify(conversations).match(/"accepted":true/g) ?? [];
    expect(verdicts.length).toBeGreaterThan(10);
  });
});
