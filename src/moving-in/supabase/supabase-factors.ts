import type { MovingNote } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { textIn } from '../field-values.js';
import { UnreadableExport } from '../unreadable-export.js';

const BASE32 = /^[A-Z2-7]+=*$/i;

/** What users have enrolled, by the table `auth.mfa_factors`. */
export class SupabaseFactors {
  private readonly secrets = new Map<string, string>();
  private readonly leftOut = new Set<string>();

  /** Takes a row; one that was never verified is none. */
  add(row: Readonly<Record<string, unknown>>): void {
    const userId = textIn(row, 'user_id');
    if (userId === undefined || textIn(row, 'status') !== 'verified') return;
    const secret = textIn(row, 'factor_type') === 'totp' ? textIn(row, 'secret') : undefined;
    // Where the project encrypts its secrets, there is JSON in its place.
    const isReadable = secret !== undefined && BASE32.test(secret);
    if (isReadable && !this.secrets.has(userId)) this.secrets.set(userId, secret);
    else this.leftOut.add(userId);
  }

  /** The secret of the authenticator app; null: none. */
  of(userId: string): { readonly secret: string | null; readonly notes: readonly MovingNote[] } {
    const notes = this.leftOut.has(userId) ? ['second_factor_left_out'] : [];
    return { secret: this.secrets.get(userId) ?? null, notes };
  }
}

/** @throws UnreadableExport for a file that is not of that table: a second factor must not be lost by mistake */
export async function supabaseFactors(file: AsyncIterable<Uint8Array> | undefined): Promise<SupabaseFactors> {
  const factors = new SupabaseFactors();
  if (!file) return factors;
  for await (const record of exportRecords(file, ['mfa_factors'])) {
    const isOne = 'row' in record && ['user_id', 'factor_type', 'status', 'secret'].every((name) => name in record.row);
    if (!isOne)
      throw new UnreadableExport(
        `The file of mfa_factors has something else at ${record.at}.`,
        'export all columns of auth.mfa_factors',
      );
    factors.add(record.row);
  }
  return factors;
}
