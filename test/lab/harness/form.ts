/** The long form (`npm run test:long`) plays every round, holds its limits of time, and writes the README's figures. */
export const isLong = process.env.LAB_FORM === 'long';

/** Of each race in the long form, and the scale of everything else there: fewer than 1,000 may be asked for. */
export const rounds = Number(process.env.LAB_ROUNDS ?? 1000);

/** Rows and scenarios by a part of their id or name. */
export const only = process.env.LAB_ONLY;

/** Whether `LAB_ONLY` asks for it, or for everything. */
export function isWanted({ id = '', name }: { readonly id?: string; readonly name: string }): boolean {
  return !only || id.includes(only) || name.includes(only);
}
