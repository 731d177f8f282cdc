import { connect, createServer, type Socket } from 'node:net';

/** Which connections a trouble is for; those that listen are known by what they said. */
export type Lines = 'listeners' | 'all';

const LISTENING = /\b(P?SUBSCRIBE|LISTEN)\b/i;

/** A connection through the proxy. */
interface Line {
  readonly client: Socket;
  readonly upstream: Socket;
  isListening: boolean;
  /** Swallows whatever comes, for ever. */
  isSilent: boolean;
}

/** Stands between one node and its store: counts what the node asks, swallows it, delays it. */
export class StoreProxy {
  /** How many messages the node has sent. */
  calls = 0;
  private readonly lines = new Set<Line>();
  private readonly server = createServer((client) => this.join(client));
  private silent: Lines | null = null;
  private delay: { readonly lines: Lines; readonly milliseconds: number; readonly share: number } | null = null;

  constructor(private readonly target: URL) {}

  /** The URL to reach the store by. */
  async open(): Promise<string> {
    // A suite that failed before it could close this must not keep the run from ending.
    await new Promise<void>((resolve) => this.server.unref().listen(0, '127.0.0.1', resolve));
    const url = new URL(this.target);
    url.port = String((this.server.address() as { port: number }).port);
    return url.href;
  }

  /** As if the cable were cut: nothing comes through, and nobody is told. */
  silence(lines: Lines): void {
    this.silent = lines;
    for (const line of this.lines) line.isSilent ||= concerns(lines, line);
  }

  /** What comes out of the store comes so much later, or so large a share of it. */
  slowDown(lines: Lines, milliseconds: number, share = 1): void {
    this.delay = { lines, milliseconds, share };
  }

  /** New connections are fine again; those that went silent stay so. */
  mend(): void {
    this.silent = null;
    this.delay = null;
  }

  close(): void {
    this.server.close();
    for (const { client, upstream } of this.lines) {
      client.destroy();
      upstream.destroy();
    }
  }

  private join(client: Socket): void {
    const upstream = connect({ port: Number(this.target.port), host: this.target.hostname, noDelay: true });
    const line: Line = { client: client.setNoDelay(), upstream, isListening: false, isSilent: this.silent === 'all' };
    this.lines.add(line);
    client.on('data', (chunk) => {
      this.calls += 1;
      if (!line.isListening && LISTENING.test(chunk.toString('latin1'))) this.listens(line);
      if (!line.isSilent) upstream.write(chunk);
    });
    const send = inOrder((chunk) => line.isSilent || client.write(chunk));
    upstream.on('data', (chunk) => send(chunk, this.delayOf(line)));
    // An end goes the way of everything else: while the line is silent nobody learns of it.
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => line.isSilent || client.destroy());
    for (const socket of [client, upstream]) socket.unref().on('error', () => undefined);
    client.on('close', () => this.lines.delete(line));
  }

  private listens(line: Line): void {
    line.isListening = true;
    line.isSilent ||= this.silent === 'listeners';
  }

  private delayOf(line: Line): number {
    if (!this.delay || !concerns(this.delay.lines, line) || Math.random() >= this.delay.share) return 0;
    return this.delay.milliseconds;
  }
}

function concerns(lines: Lines, line: Line): boolean {
  return lines === 'all' || line.isListening;
}

/** Delays each chunk, and lets none overtake another. */
function inOrder(write: (chunk: Buffer) => unknown): (chunk: Buffer, milliseconds: number) => void {
  const waiting: { chunk: Buffer; due: number }[] = [];
  const flush = () => {
    while (waiting[0] && waiting[0].due <= performance.now()) write(waiting.shift()!.chunk);
    if (waiting[0]) setTimeout(flush, Math.max(1, waiting[0].due - performance.now()));
  };
  return (chunk, milliseconds) => {
    if (milliseconds === 0 && waiting.length === 0) return write(chunk);
    waiting.push({ chunk, due: performance.now() + milliseconds });
    if (waiting.length === 1) flush();
    return undefined;
  };
}
