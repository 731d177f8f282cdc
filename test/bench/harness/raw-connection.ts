import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** What all connections of a load send, in turn. */
export interface Supply {
  readonly requests: readonly Buffer[];
  readonly total: number;
  sent: number;
  answered: number;
  /** Called after the last of `total`. */
  onEnd?: () => void;
  readonly onAnswer?: ((answer: Buffer, request: number) => void) | undefined;
}

/**
 * One kept-alive connection with one request under way at a time. Node's own client would cost more than the servers that
 * are measured, so this one looks at no more of an answer than its status and its length.
 */
export class RawConnection {
  /** Rejects when the connection ends or an answer has another status. */
  readonly failed: Promise<never>;
  private fail!: (error: Error) => void;
  private socket!: Socket;
  private latencies: number[] | null = null;
  private sentAt = 0;
  private request = 0;
  /** Of the answer before: the next one is nearly always as long, and arrives in one piece. */
  private usualLength = 0;
  private pieces: Buffer = Buffer.alloc(0);
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly supply: Supply,
    private readonly status: number,
  ) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
  }

  open(): Promise<void> {
    const { hostname, port } = new URL(this.url);
    const buffer = Buffer.allocUnsafe(65_536);
    const onread = { buffer, callback: (length: number) => this.read(length, buffer) };
    return new Promise((resolve, reject) => {
      this.socket = connect({ host: hostname, port: Number(port), noDelay: true, onread }, resolve);
      this.socket.once('error', reject).on('error', this.fail);
      this.socket.on('close', () => this.fail(new Error(`${this.url} closed a connection`)));
    });
  }

  run(): void {
    this.sentAt = performance.now();
    const { requests } = this.supply;
    this.request = this.supply.sent++;
    this.socket.write(requests[this.request % requests.length]!);
  }

  /** From now on every answer's latency is added, in ms. */
  record(latencies: number[]): void {
    this.latencies = latencies;
  }

  close(): void {
    this.isClosed = true;
    this.socket.removeAllListeners('close').destroy();
  }

  private read(length: number, buffer: Buffer): boolean {
    const isWhole = this.pieces.length === 0 && length === this.usualLength;
    if (!isWhole && !this.collect(buffer.subarray(0, length))) return true;
    if (isWhole) this.check(buffer.subarray(0, length));
    this.latencies?.push(performance.now() - this.sentAt);
    this.supply.answered += 1;
    if (!this.isClosed && this.supply.sent < this.supply.total) this.run();
    else if (this.supply.answered === this.supply.total) this.supply.onEnd?.();
    return true;
  }

  /** Whether the answer is complete. */
  private collect(piece: Buffer): boolean {
    const all = Buffer.concat([this.pieces, piece]);
    const headEnd = all.indexOf(HEAD_END);
    const said = headEnd < 0 ? null : /\r\ncontent-length: (\d+)/i.exec(all.toString('latin1', 0, headEnd));
    const total = said ? headEnd + 4 + Number(said[1]) : headEnd + 4;
    const isComplete = headEnd >= 0 && all.length >= total;
    this.pieces = isComplete ? Buffer.alloc(0) : all;
    if (!isComplete) return false;
    this.usualLength = total;
    this.check(all);
    return true;
  }

  /** `HTTP/1.1 200`: the digits stand at 9. */
  private check(answer: Buffer): void {
    const status = answer[9]! * 100 + answer[10]! * 10 + answer[11]! - 48 * 111;
    this.supply.onAnswer?.(answer, this.request);
    if (status !== this.status) this.fail(new Error(`answered ${status}: ${answer.toString('utf8', 0, 600)}`));
  }
}
