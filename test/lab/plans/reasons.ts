/** Why a statement may read a large table otherwise than by a short stretch of an index. */
const REASONS: readonly { readonly shape: RegExp; readonly table: string; readonly why: string }[] = [];

/** Null: there is none. */
export function reasonFor(shape: string, table: string): string | null {
  return REASONS.find((reason) => reason.table === table && reason.shape.test(shape))?.why ?? null;
}
