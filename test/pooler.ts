import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Client } from 'pg';

/** `transaction`: the server's session goes to another client after each transaction. `session`: it stays until its client has gone. */
export type PoolerMode = 'transaction' | 'session';

const SSL_REQUEST = 80_877_103;
const IDLE = 'I'.charCodeAt(0);

/**
 * Stands between clients and a PostgreSQL as PgBouncer does: it greets them itself, under process ids of its own, refuses start-up
 * parameters that it does not know, and lends each of them a session of the server. In transaction mode all share one.
 */
export class Pooler {
  private readonly server = createServer((socket) => this.greet(socket));
  private readonly backends: Backend[] = [];
  private shared: Promise<Backend> | undefined;
  private clients = 0;

  constructor(
    private readonly serverUrl: string,
    private readonly mode: PoolerMode,
  ) {}

  /** @returns the URL that leads through it */
  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const url = new URL(this.serverUrl);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  close(): void {
    this.server.close();
    for (const backend of this.backends) backend.end();
  }

  private greet(socket: Socket): void {
    const frames = new Frames(0);
    let lend: ((frame: Buffer) => void) | undefined;
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      if (lend) return frames.read(bytes, lend);
      frames.read(bytes, (frame) => {
        if (frame.readInt32BE(4) === SSL_REQUEST) return void socket.write('N');
        const refused = ['options', 'statement_timeout', 'lock_timeout'].find((name) => frame.includes(`\0${name}\0`));
        if (refused) return void socket.end(error(`unsupported startup parameter: ${refused}`));
        socket.write(welcome(++this.clients));
        frames.header = 1;
        lend = this.lending(socket);
      });
    });
  }

  private lending(socket: Socket): (frame: Buffer) => void {
    if (this.mode === 'transaction') this.shared ??= this.connect();
    const backend = this.shared ?? this.connect();
    socket.on('close', () => void backend.then((it) => (this.mode === 'session' ? it.end() : it.leave(socket))));
    return (frame) => {
      if (frame[0] === 'X'.charCodeAt(0)) socket.end();
      else void backend.then((it) => it.take(socket, frame));
    };
  }

  private async connect(): Promise<Backend> {
    const client = new Client({ connectionString: this.serverUrl });
    client.on('error', () => undefined);
    await client.connect();
    const backend = new Backend((client as unknown as { connection: { stream: Socket } }).connection.stream);
    this.backends.push(backend);
    return backend;
  }
}

/** A session of the server, past its greeting. */
class Backend {
  private holder: Socket | undefined;
  private waiting: [Socket, Buffer][] = [];
  private readonly frames = new Frames(1);

  constructor(private readonly stream: Socket) {
    stream.removeAllListeners('data');
    stream.on('data', (bytes: Buffer) => this.frames.read(bytes, (frame) => this.answer(frame)));
  }

  take(socket: Socket, frame: Buffer): void {
    this.holder ??= socket;
    if (this.holder === socket) this.stream.write(frame);
    else this.waiting.push([socket, frame]);
  }

  leave(socket: Socket): void {
    this.waiting = this.waiting.filter(([one]) => one !== socket);
    if (this.holder === socket) this.stream.write(message('Q', 'ROLLBACK\0'));
  }

  end(): void {
    this.stream.destroy();
  }

  private answer(frame: Buffer): void {
    if (this.holder?.writable) this.holder.write(frame);
    if (frame[0] !== 'Z'.charCodeAt(0) || frame[5] !== IDLE) return;
    this.holder = undefined;
    const waiting = this.waiting;
    this.waiting = [];
    for (const [socket, held] of waiting) this.take(socket, held);
  }
}

/** Messages of the protocol out of a stream of bytes. @see https://www.postgresql.org/docs/current/protocol-message-formats.html */
class Frames {
  private rest: Buffer = Buffer.alloc(0);

  /** @param header bytes before the length: the first message has none */
  constructor(public header: 0 | 1) {}

  read(bytes: Buffer, each: (frame: Buffer) => void): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    while (this.rest.length >= this.header + 4) {
      const end = this.header + this.rest.readInt32BE(this.header);
      if (this.rest.length < end) return;
      const frame = this.rest.subarray(0, end);
      this.rest = this.rest.subarray(end);
      each(frame);
    }
  }
}

function message(type: string, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

function error(text: string): Buffer {
  return message('E', `SFATAL\0VFATAL\0C08P01\0M${text}\0\0`);
}

function welcome(processId: number): Buffer {
  const key = Buffer.alloc(8);
  key.writeInt32BE(1_000_000 + processId);
  const status = [
    ['server_version', '18.0'],
    ['client_encoding', 'UTF8'],
  ].map(([name, value]) => message('S', `${name}\0${value}\0`));
  return Buffer.concat([message('R', Buffer.alloc(4)), ...status, message('K', key), message('Z', 'I')]);
}
