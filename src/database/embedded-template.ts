import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface } from 'typeorm';

/** The `dataDir` of an embedded database in memory that begins as a copy of one that was migrated before, for tests. */
export const FROM_TEMPLATE = 'memory://template';

/**
 * One migrated database as a file, in `node_modules/.cache/coatcheck` of the folder that the process runs in; where there is no
 * `node_modules`, or it cannot be written, nothing is kept.
 */
export class EmbeddedTemplate {
  private readonly folder: string;
  private readonly name: string;

  /** Of exactly these migrations: their names and what they do. */
  constructor(schema: string, migrations: readonly (new () => MigrationInterface)[], root = process.cwd()) {
    const modules = join(root, 'node_modules');
    this.folder = existsSync(modules) ? join(modules, '.cache', 'coatcheck') : '';
    const hash = createHash('sha256').update(`${pgliteVersion(modules)} ${schema}`);
    for (const migration of migrations) hash.update(meaningOf(migration));
    this.name = `embedded-${hash.digest('hex').slice(0, 32)}.tar`;
  }

  /** Where it is kept; undefined when there is none yet. */
  get file(): string | undefined {
    const file = join(this.folder, this.name);
    return this.folder && existsSync(file) ? file : undefined;
  }

  /** Undefined when there is none yet. */
  read(): Blob | undefined {
    const { file } = this;
    return file ? new Blob([new Uint8Array(readFileSync(file))]) : undefined;
  }

  /** Takes the place of those of other versions. It only saves time, so a failure to keep it is none. */
  async keep(content: Blob): Promise<void> {
    if (!this.folder) return;
    const bytes = new Uint8Array(await content.arrayBuffer());
    try {
      mkdirSync(this.folder, { recursive: true });
      // Never half of it: other processes may read it at any moment.
      const unfinished = join(this.folder, `.${this.name}.${process.pid}`);
      writeFileSync(unfinished, bytes);
      renameSync(unfinished, join(this.folder, this.name));
      this.dropOthers();
    } catch {
      // A read-only folder, a full disk.
    }
  }

  private dropOthers(): void {
    for (const file of readdirSync(this.folder)) {
      if (/^embedded-\w+\.tar$/.test(file) && file !== this.name) rmSync(join(this.folder, file), { force: true });
    }
  }
}

/** The same whatever has compiled it: compilers differ in spaces, last commas, and how they write what is imported. */
function meaningOf(migration: new () => MigrationInterface): string {
  return String(migration)
    .replace(/\(0, *\w+\.(\w+)\)/g, '$1')
    .replace(/\s+/g, '')
    .replace(/,(?=[\]}])/g, '');
}

/** A file of one version need not be readable by another. */
function pgliteVersion(modules: string): string {
  try {
    const manifest = readFileSync(join(modules, '@electric-sql', 'pglite', 'package.json'), 'utf8');
    return String(JSON.parse(manifest).version);
  } catch {
    return 'unknown';
  }
}
