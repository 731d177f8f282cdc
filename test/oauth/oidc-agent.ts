import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closedAtTheEnd } from '../left-open.js';
import { isInstalled } from './programs.js';

const run = promisify(execFile);

export function hasOidcAgent(): boolean {
  return isInstalled('oidc-agent', 'oidc-agent-cli', 'oidc-agent', '--version');
}

/** An account that is being set up: what the program says to its user, and its end. */
export interface Setup {
  /** What it has said once that matches. @throws when it ends before */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

/** The agent of somebody at a terminal, with a folder of its own. */
export class OidcAgent {
  private readonly setups = new Set<ChildProcess>();

  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly pid: number,
  ) {}

  static start(): OidcAgent {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-oidc-agent-'));
    const env = {
      ...process.env,
      HOME: folder,
      TMPDIR: folder,
      OIDC_CONFIG_DIR: folder,
      OIDC_SOCK: join(folder, 'agent.sock'),
      OIDC_ENCRYPTION_PW: 'only for this test',
    };
    const said = execFileSync('oidc-agent', ['--json', '--no-autoreauthenticate', '-a', env.OIDC_SOCK], {
      env,
      encoding: 'utf8',
    });
    const { dpid } = JSON.parse(said) as { dpid: number | string };
    return closedAtTheEnd(new OidcAgent(folder, env, Number(dpid)));
  }

  /** @param arguments_ of `oidc-gen`, besides the name of the account */
  setUp(account: string, ...arguments_: readonly string[]): Setup {
    const all = [account, ...arguments_, '--prompt=none', '--pw-env', '--confirm-default', '--no-url-call'];
    const program = spawn('oidc-gen', all, { env: this.env });
    this.setups.add(program);
    let text = '';
    let hasEnded = false;
    let tell = () => {};
    const hear = (piece: Buffer) => {
      text += piece;
      tell();
    };
    program.stdout.on('data', hear);
    program.stderr.on('data', hear);
    program.stdin.end();
    const ended = new Promise<number | null>((resolve) => program.once('close', resolve)).then((code) => {
      hasEnded = true;
      tell();
      this.setups.delete(program);
      return { code, text };
    });
    const said = async (pattern: RegExp) => {
      for (;;) {
        const found = pattern.exec(text);
        if (found) return found;
        if (hasEnded) throw new Error(`oidc-gen has ended: ${text}`);
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      }
    };
    return { said, ended };
  }

  /** A fresh access token. @throws with what the program says where there is none */
  async token(account: string): Promise<string> {
    // Longer than any token lives: a kept one will not do.
    const { stdout } = await run('oidc-token', ['--time=864000', account], { env: this.env });
    return stdout.trim();
  }

  async close(): Promise<void> {
    for (const setup of this.setups) setup.kill('SIGKILL');
    process.kill(this.pid, 'SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
