import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { closedAtTheEnd } from '../left-open.js';
import { isInstalled } from './programs.js';

/** The system's own: a Python of a version manager does not have the package. */
const PYTHON = '/usr/bin/python3';
const PROGRAM = join(import.meta.dirname, 'authlib-client.py');
const IMPORTS = 'import requests; from authlib.integrations.requests_client import OAuth2Session';

export function hasAuthlib(): boolean {
  return isInstalled('authlib', 'python3-authlib and python3-requests', PYTHON, '-c', IMPORTS);
}

/** An application in Python. */
export class Authlib {
  private readonly lines: AsyncIterator<string>;
  private said = '';

  private constructor(
    private readonly python: ChildProcessWithoutNullStreams,
    reader: Interface,
  ) {
    this.lines = reader[Symbol.asyncIterator]();
    python.stderr.on('data', (text: Buffer) => {
      this.said += text;
    });
  }

  static start(): Authlib {
    const env = { ...process.env, AUTHLIB_INSECURE_TRANSPORT: '1', PYTHONDONTWRITEBYTECODE: '1' };
    const python = spawn(PYTHON, [PROGRAM], { env });
    return closedAtTheEnd(new Authlib(python, createInterface({ input: python.stdout })));
  }

  /** @throws what the program says where it does not answer */
  // biome-ignore lint/suspicious/noExplicitAny: assertions read whatever it says
  async ask(order: string, values: object = {}): Promise<any> {
    this.python.stdin.write(`${JSON.stringify({ do: order, ...values })}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`authlib has ended: ${this.said}`);
    return JSON.parse(value);
  }

  async close(): Promise<void> {
    this.python.stdin.end();
    if (this.python.exitCode === null) await new Promise((resolve) => this.python.once('exit', resolve));
  }
}
