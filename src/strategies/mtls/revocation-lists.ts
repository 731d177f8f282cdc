import { KeyUsageFlags } from '@peculiar/x509';
import type { Certificate } from './certificate.js';
import type { Chain } from './chain.js';
import type { RevocationList } from './trust-files.js';

export type ListRefusal = 'certificate_on_revocation_list' | 'revocation_list_missing_or_out_of_date';

/** A list's number, and who signed it. */
const UNDERSTOOD = new Set(['2.5.29.20', '2.5.29.35']);
/** A delta, or a list of some certificates only, says too little, whether or not it insists on being understood. */
const PARTIAL = new Set(['2.5.29.27', '2.5.29.28']);

/**
 * Asks the lists of the anchor about every certificate below it. Fails closed: without a current list of its issuer nothing is
 * known of a certificate. Answers until when this holds, the nearest `nextUpdate`.
 *
 * @see RFC 5280 §6.3
 */
export async function checkLists({ anchor, certificates }: Chain, now: Date): Promise<ListRefusal | Date | null> {
  if (!anchor.lists) return null;
  let until: Date | null = null;
  for (const [at, certificate] of certificates.slice(0, -1).entries()) {
    const lists = await currentListsOf(certificates[at + 1]!, anchor.lists, now);
    if (lists.length === 0) return 'revocation_list_missing_or_out_of_date';
    for (const { parsed } of lists) {
      if (parsed.findRevoked(certificate.parsed)) return 'certificate_on_revocation_list';
      if (!until || parsed.nextUpdate! < until) until = parsed.nextUpdate!;
    }
  }
  return until;
}

async function currentListsOf(issuer: Certificate, lists: readonly RevocationList[], now: Date) {
  const maySign = issuer.keyUsage === undefined || (issuer.keyUsage & KeyUsageFlags.cRLSign) !== 0;
  const current: RevocationList[] = [];
  for (const list of maySign ? lists : []) {
    if (list.issuerKey === issuer.subjectKey && isCurrent(list, now) && (await hasSigned(issuer, list)))
      current.push(list);
  }
  return current;
}

function isCurrent({ parsed }: RevocationList, now: Date): boolean {
  const { thisUpdate, nextUpdate, extensions } = parsed;
  const isWhole = extensions.every(({ type, critical }) => UNDERSTOOD.has(type) || !(critical || PARTIAL.has(type)));
  return isWhole && thisUpdate <= now && nextUpdate !== undefined && now < nextUpdate;
}

async function hasSigned(issuer: Certificate, { parsed }: RevocationList): Promise<boolean> {
  try {
    return await parsed.verify({ publicKey: issuer.parsed.publicKey });
  } catch {
    return false;
  }
}
