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
}

const PLANNED = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;

/** Everything that this process sends to PostgreSQL from now on, and that PostgreSQL makes a plan for. */
export class SentStatements {
  private readonly byShape = new Map<string, SentStatement[]>();
  private readonly restore: () => void;

  constructor() {
    const { prototype } = pg.Client as unknown as { prototype: { query(...given: unknown[]): unknown } };
    const send = prototype.query;
    const note = (given: unknown[]) => this.note(given);
    // Other files may share this module.
    this.restore = () => {
      prototype.query = send;
    };
    prototype.query = function (this: pg.Client, ...given: unknown[]) {
      note(given);
      return send.apply(this, given);
    };
  }

  /** What was sent, by its shape; from now on nothing is noted. */
  end(): ReadonlyMap<string, readonly SentStatement[]> {
    this.restore();
    return this.byShape;
  }

  private note([first, second]: unknown[]): void {
    const config = (typeof first === 'string' ? { text: first } : first) as Config;
    if (!config.text || !PLANNED.test(config.text)) return;
    const values = Array.isArray(second) ? second : (config.values ?? []);
    const shape = shapeOf(config.text);
    const known = this.byShape.get(shape) ?? [];
    this.byShape.set(shape, [...known, { text: config.text, values, isNamed: !!config.name }].slice(-KEPT));
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
