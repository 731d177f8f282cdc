const DEFAULT_LINES = 50;

/** Lines on a page: what was asked for, checked already. */
export function pageSize(limit: string | undefined): number {
  return limit === undefined ? DEFAULT_LINES : Number(limit);
}
