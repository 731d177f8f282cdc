import pg from 'pg';

/** Values kept of each: what is quick for one search may be slow for another. */
const KEPT = 12;

/** One that was sent, as often as it was. */
export interface SentStatement {
  readonly text: string;
  /** What it was sent with. */
  readonly values: readonly unknown[];
  /** Of a prepared statement: PostgreSQL may keep one plan for it, whatever the values are. */
  readonly isNamed: boolean;
  /** `SET LOCAL` statements that hold for it. */
  readonly settings: readonly string[];
}

const PLANNED = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;
const SETTING = /^\s*SET LOCAL\b/i;
const ENDING = /^\s*(COMMIT|ROLLBACK)\s*$/i;

/** Everything that this process sends to PostgreSQL from now on, and that PostgreSQL makes a plan for. */
export class SentStatements {
  private readonly byShape = new Map<string, SentStatement[]>();
  private readonly restore: () => void;
  /** Of the transaction under way, by connection. */
  private readonly settings = new WeakMap<object, readonly string[]>();

  constructor() {
    const { prototype } = pg.Client as unknown as { prototype: { query(...given: unknown[]): unknown } };
    const send = prototype.query;
    const note = (connection: object, given: unknown[]) => this.note(connection, given);
    // Other files may share this module.
    this.restore = () => {
      prototype.query = send;
    };
    prototype.query = function (this: pg.Client, ...given: unknown[]) {
      note(this, given);
      return send.apply(this, given);
    };
  }

  /** What was sent, by its shape; from now on nothing is noted. */
  end(): ReadonlyMap<string, readonly SentStatement[]> {
    this.restore();
    return this.byShape;
  }

  private note(connection: object, [first, second]: unknown[]): void {
    const config = (typeof first === 'string' ? { text: first } : first) as Config;
    if (!config.text) return;
    const settings = this.settings.get(connection) ?? [];
    if (SETTING.test(config.text)) this.settings.set(connection, [...settings, config.text]);
    if (ENDING.test(config.text)) this.settings.delete(connection);
    if (!PLANNED.test(config.text)) return;
    const values = Array.isArray(second) ? second : (config.values ?? []);
    const shape = shapeOf(config.text);
    const known = this.byShape.get(shape) ?? [];
    this.byShape.set(shape, [...known, { text: config.text, values, isNamed: !!config.name, settings }].slice(-KEPT));
  }
}

interface Config {
  readonly text?: string;
  readonly values?: unknown[];
  readonly name?: string;
}

/** Lists of parameters differ by their length only. */
function shapeOf(text: string): string {
  return text
    .replace(/\$\d+(, ?\$\d+)+/g, '$…')
    .replace(/\s+/g, ' ')
    .trim();
}
