import type { Socket } from 'node:net';

/**
 * Requests that arrive together: each is on its way but for its last byte, and only then are the last bytes sent, all in one
 * go. Requests that are merely sent one after another are mostly answered one after another, and race with nobody.
 */
export class Volley {
  private readonly loading: Promise<void>[] = [];
  private readonly lastBytes: (() => void)[] = [];

  load(socket: Socket, request: string): void {
    this.loading.push(new Promise((resolve) => socket.write(request.slice(0, -1), () => resolve())));
    this.lastBytes.push(() => socket.write(request.slice(-1)));
  }

  async fire(): Promise<void> {
    await Promise.all(this.loading);
    for (const send of this.lastBytes) send();
  }
}
