import type { DataSource } from 'typeorm';

const directUrls = new WeakMap<DataSource, string>();

/** Where the server itself is, past a pooler: for what needs a session of its own. */
export function reachDirectly(dataSource: DataSource, url: string): void {
  directUrls.set(dataSource, url);
}

/** Undefined: the DataSource leads to where such sessions can be had, or there are none. */
export function directUrlOf(dataSource: DataSource): string | undefined {
  return directUrls.get(dataSource);
}
