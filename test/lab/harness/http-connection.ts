import { connect, type Socket } from 'node:net';
import type { Volley } from './volley.js';

/** A reply in as few words as the driver needs. */
export interface HttpReply {
  /** 0: there was none. */
  readonly status: number;
  /** The status line and the headers. */
  readonly head: string;
  readonly body: string;
  readonly touchedCookies: boolean;
}

const NO_REPLY: HttpReply = { status: 0, head: '', body: '', touchedCookies: false };
/** Longer than any fault lasts. */
const PATIENCE_MILLISECONDS = 120_000;
const END_OF_HEAD = '\r\n\r\n';

/** One kept-alive connection, one request at a time, next to no work: the driver shares the machine with what it drives. */
export class HttpConnection {
  private socket: Socket | undefined;
  private received = '';
  private answer: ((reply: HttpReply) => void) | undefined;

  constructor(private readonly port: number) {}

  /** Never rejects. @param volley what it is to arrive together with */
  send(request: string, volley?: Volley): Promise<HttpReply> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.close(), PATIENCE_MILLISECONDS);
      this.answer = (reply) => {
        clearTimeout(timer);
        this.answer = undefined;
        resolve(reply);
      };
      this.socket ??= this.open();
      if (volley) volley.load(this.socket, request);
      else this.socket.write(request);
    });
  }

  close(): void {
    this.socket?.destroy();
    this.lost();
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    // Of a socket given up already nothing counts any more.
    const ifStill = (work: () => void) => () => this.socket === socket && work();
    // Whoever waits for a reply has a timer; without one this must not keep the run from ending.
    socket.unref().setEncoding('latin1');
    socket.on('data', (chunk: string) => ifStill(() => this.read(chunk))());
    socket.on('error', () => undefined);
    socket.on(
      'close',
      ifStill(() => this.lost()),
    );
    return socket;
  }

  private lost(): void {
    this.socket = undefined;
    this.received = '';
    this.answer?.(NO_REPLY);
  }

  private read(chunk: string): void {
    this.received += chunk;
    const headEnd = this.received.indexOf(END_OF_HEAD);
    if (headEnd < 0) return;
    const head = this.received.slice(0, headEnd);
    const bodyStart = headEnd + END_OF_HEAD.length;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.received.length < bodyStart + length) return;
    const reply = {
      status: Number(head.slice(9, 12)),
      head,
      body: this.received.slice(bodyStart, bodyStart + length),
      touchedCookies: /\r\nset-cookie:/i.test(head),
    };
    this.received = '';
    if (/\r\nconnection: close/i.test(head)) {
      this.socket?.destroy();
      this.socket = undefined;
    }
    this.answer?.(reply);
  }
}

/** As many connections to one node as there are requests at a time. */
export class HttpClient {
  private readonly idle: HttpConnection[] = [];
  private readonly all: HttpConnection[] = [];

  constructor(private readonly port: number) {}

  /** @param headers lines, each ended by CRLF */
  async send(method: string, path: string, headers: string, body?: unknown, volley?: Volley): Promise<HttpReply> {
    const connection = this.idle.pop() ?? this.another();
    const text = body === undefined ? '' : JSON.stringify(body);
    const type =
      body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`;
    const request = `${method} ${path} HTTP/1.1\r\nhost: fleet\r\n${headers}${type}\r\n${text}`;
    const reply = await connection.send(request, volley);
    this.idle.push(connection);
    return reply;
  }

  close(): void {
    for (const connection of this.all) connection.close();
  }

  private another(): HttpConnection {
    const connection = new HttpConnection(this.port);
    this.all.push(connection);
    return connection;
  }
}
