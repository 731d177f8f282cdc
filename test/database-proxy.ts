import { connect, createServer, type Socket } from 'node:net';

/** Stands between a node and its database, and fails in the ways networks do. */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.join(client));
  private state: 'open' | 'silent' | 'closed' = 'open';

  constructor(private readonly target: URL) {}

  /** The URL to reach the database by. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.target);
    url.port = String((this.server.address() as { port: number }).port);
    return url.href;
  }

  /** Connections stay, new ones are taken, and nothing comes through any more. */
  silence(): void {
    this.state = 'silent';
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** Connections are cut, new ones too. */
  cut(): void {
    this.state = 'closed';
    for (const socket of this.sockets) socket.destroy();
  }

  /** New connections are fine again; those that went silent stay so. */
  mend(): void {
    this.state = 'open';
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(client: Socket): void {
    this.keep(client);
    if (this.state === 'closed') client.destroy();
    if (this.state !== 'open') return;
    const upstream = connect(Number(this.target.port), this.target.hostname);
    this.keep(upstream);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
  }
}
