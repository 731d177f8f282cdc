import { randomUUID } from 'node:crypto';
import type { PageVisitor } from './page-visitor.js';

/** An event as a browser would hear it. */
export interface HeardChange {
  readonly event: string;
  readonly data: string;
}

/** A reader of server-sent events, as WHATWG HTML §9.2.6 has it; it does not ask again by itself. */
export class EventStream {
  readonly heard: HeardChange[] = [];
  /** To go on from: of the last id, with or without an event. */
  lastId = '';
  status = 0;
  contentType: string | null = null;
  /** Resolves when the server has ended it, by whichever way. */
  readonly ended: Promise<void>;
  private readonly waiting = new Set<() => void>();
  private readonly controller = new AbortController();
  private constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
    opened: (stream: EventStream) => void,
    failed: (error: unknown) => void,
  ) {
    this.ended = this.read(opened, failed);
  }

  /** Resolves once the reply has begun. */
  static open(visitor: PageVisitor, path: string, lastId?: string): Promise<EventStream> {
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, accept: 'text/event-stream', 'x-request-id': randomUUID() };
    return new Promise((resolve, reject) => {
      new EventStream(visitor.url + path, { ...headers, ...(lastId && { 'last-event-id': lastId }) }, resolve, reject);
    });
  }

  /** Resolves with the first event that is such a one, heard before or later. @throws when the stream ends before */
  async until(matches: (event: HeardChange) => boolean): Promise<HeardChange> {
    let isOver = false;
    void this.ended.then(() => {
      isOver = true;
      for (const wake of this.waiting) wake();
    });
    for (;;) {
      const found = this.heard.find(matches);
      if (found) return found;
      if (isOver) throw new Error(`the stream ended after ${JSON.stringify(this.heard)}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  close(): void {
    this.controller.abort();
  }

  private async read(opened: (stream: EventStream) => void, failed: (error: unknown) => void): Promise<void> {
    try {
      const { signal } = this.controller;
      const reply = await fetch(this.url, { headers: this.headers, signal, redirect: 'manual' });
      this.status = reply.status;
      this.contentType = reply.headers.get('content-type');
      opened(this);
      let text = '';
      for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) this.hear(block);
      }
    } catch (error) {
      failed(error);
    }
  }

  private hear(block: string): void {
    const fields = block
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
    const fieldOf = (name: string) => fields.find(([field]) => field === name)?.[1];
    this.lastId = fieldOf('id') ?? this.lastId;
    const [event, data] = [fieldOf('event'), fieldOf('data')];
    // Without data it is no event.
    if (data !== undefined) this.heard.push({ event: event ?? 'message', data });
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
