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

/** The built-in files, compressed once a process. */
const built = new Map<string, readonly [file: string, asset: Asset]>();

/** The files that pages load, each under a name with the hash of its content: it never changes, so browsers keep it for ever. */
export class Assets {
  private readonly byName = new Map<string, string>();
  private readonly byFile = new Map<string, Asset>();

  constructor() {
    for (const [name, source] of Object.entries(SOURCES)) {
      const [file, asset] = built.get(name) ?? assetOf(name, source);
      built.set(name, [file, asset]);
      this.keep(name, file, asset);
    }
  }

  /** Adds a file, or replaces the one of that name. */
  add(name: string, source: string | Buffer): void {
    this.keep(name, ...assetOf(name, source));
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

  private keep(name: string, file: string, asset: Asset): void {
    this.byName.set(name, file);
    this.byFile.set(file, asset);
  }
}

/** @throws TypeError for an extension of no known type */
function assetOf(name: string, source: string | Buffer): [file: string, asset: Asset] {
  const [base, extension = ''] = name.split('.');
  const type = TYPES[extension];
  if (type === undefined) throw new TypeError(`there is no type for the asset ${name}`);
  const content = typeof source === 'string' ? Buffer.from(source) : source;
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16);
  return [`${base}-${hash}.${extension}`, { type, content, gzipped: gzipSync(content, { level: 9 }) }];
}
