import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { COPY_JS } from './copy.js.js';
import { LINK_JS } from './link.js.js';
import { LIVE_JS } from './live.js.js';
import { PAGES_CSS } from './pages.css.js';
import { PASSKEY_JS } from './passkey.js.js';
import { PASSWORD_HINT_JS } from './password-hint.js.js';
import { SWAP_JS } from './swap.js.js';

/** A file that pages load. */
export interface Asset {
  readonly type: string;
  readonly content: Buffer;
  readonly gzipped: Buffer;
}

/** The files, by the name that templates use. Modules only enhance: every page but the passkeys' works without. */
const SOURCES: Readonly<Record<string, string>> = {
  'copy.js': COPY_JS,
  'live.js': LIVE_JS,
  'pages.css': PAGES_CSS,
  'passkey.js': PASSKEY_JS,
  'swap.js': SWAP_JS,
  'link.js': LINK_JS,
  'password-hint.js': PASSWORD_HINT_JS,
};

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
};

/** The files that pages load, each under a name with the hash of its content: it never changes, so browsers keep it for ever. */
export class Assets {
  private readonly byName = new Map<string, string>();
  private readonly byFile = new Map<string, Asset>();

  constructor() {
    for (const [name, source] of Object.entries(SOURCES)) this.add(name, source);
  }

  /** Adds a file, or replaces the one of that name. */
  add(name: string, source: string | Buffer): void {
    const [base, extension = ''] = name.split('.');
    const type = TYPES[extension];
    if (type === undefined) throw new TypeError(`there is no type for the asset ${name}`);
    const content = typeof source === 'string' ? Buffer.from(source) : source;
    const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16);
    const file = `${base}-${hash}.${extension}`;
    this.byName.set(name, file);
    this.byFile.set(file, { type, content, gzipped: gzipSync(content, { level: 9 }) });
  }

  /** @throws TypeError for one that is not there */
  pathOf(name: string): string {
    const file = this.byName.get(name);
    if (file === undefined) throw new TypeError(`there is no asset ${name}`);
    return `/assets/${file}`;
  }

  /** By the name in the address. */
  find(file: string): Asset | undefined {
    return this.byFile.get(file);
  }
}
