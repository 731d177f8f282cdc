import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

/** A block of a page, as it stands between its fences. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** The pages that the package ships, as npm finds them: by its `files`, and those it always takes along. */
export function shippedPages(): string[] {
  return ['README.md', 'CHANGELOG.md', 'SECURITY.md', ...pagesUnder('docs')];
}

/** Every page of the sources, by its path from the root. */
export function allPages(): string[] {
  return [...shippedPages(), ...pagesUnder('src'), ...pagesUnder('test')];
}

export function pagesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .sort();
}

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

export function codeBlocksOf(page: string): CodeBlock[] {
  return [...textOf(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));
}

/** Where the links of a page lead that lead to no other site: the file, from the root, and the heading. */
export function linksOf(page: string): { link: string; file: string; anchor: string | undefined }[] {
  return [...proseOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link]) => {
    const [path, anchor] = link!.split('#');
    return { link: link!, file: path ? relative(ROOT, resolve(ROOT, dirname(page), path)) : page, anchor };
  });
}

/** The anchors of a page, made as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading]) => {
    const slug = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** Why a link leads nowhere; null when it does. */
export function brokenBy({ file, anchor }: { file: string; anchor: string | undefined }): string | null {
  if (!existsSync(join(ROOT, file))) return 'no such file';
  return anchor === undefined || anchorsOf(file).includes(anchor) ? null : 'no such heading';
}

/** A page without its blocks of code. */
function proseOf(page: string): string {
  return textOf(page).replace(/^```[\s\S]*?^```$/gm, '');
}
