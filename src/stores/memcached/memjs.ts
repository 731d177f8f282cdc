import type { Socket } from 'node:net';
import { ConfigurationError } from '../../config/configuration-error.js';

/** The part of the package `memjs` that is used: one connection with its framing and SASL, and the layout of a request. */
export interface Memjs {
  readonly Server: new (host: string, port: number, username: string, password: string, options: object) => MemjsServer;
  readonly Utils: {
    makeRequestBuffer(opcode: number, key: string, extras: Buffer | string, value: string, opaque: number): Buffer;
    hashCode(key: string): number;
  };
}

export interface MemjsServer {
  username: string | undefined;
  password: string | undefined;
  readonly _socket?: Socket;
  onResponse(opaque: number, respond: (response: MemjsResponse) => void): void;
  onError(opaque: number, fail: (error: unknown) => void): void;
  write(request: Buffer): void;
  /** Ends the connection and fails whatever waits for an answer on it. */
  error(error: unknown): void;
}

export interface MemjsResponse {
  readonly header: { readonly status: number; readonly cas: Buffer };
  readonly val: Buffer;
}

/** @throws ConfigurationError when the package is not installed */
export async function importMemjs(): Promise<Memjs> {
  try {
    // Not a literal for the compiler: the package has no types and need not be there.
    const loaded = (await import('memjs' as string)) as Memjs & { default?: Memjs };
    return loaded.default ?? loaded;
  } catch {
    const remedy = 'npm install memjs@1';
    throw new ConfigurationError([{ option: 'sessionStore', problem: 'requires the package memjs', remedy }]);
  }
}
