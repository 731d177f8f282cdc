import { UnreadableExport } from '../unreadable-export.js';

const BASE64 = /^[A-Za-z0-9+/_-]+=*$/;
const HOW =
  'give them by --settings FILE: from the console, Authentication, Users, three dots, Password hash parameters';

/**
 * Puts a hash, its salt and the project's parameters into one text, see `firebaseScryptHash`.
 *
 * @throws UnreadableExport where the parameters are absent although there is a hash, or cannot be right
 */
export function firebaseHashes(parameters: Readonly<Record<string, string>>): (hash: string, salt: string) => string {
  const {
    algorithm = 'SCRYPT',
    base64_signer_key: key,
    base64_salt_separator: separator,
    rounds,
    mem_cost: cost,
  } = parameters;
  if (algorithm !== 'SCRYPT')
    throw new UnreadableExport('The hash parameters are not those of SCRYPT.', 'ask for the parameters of the project');
  const isGiven = key !== undefined && separator !== undefined && rounds !== undefined && cost !== undefined;
  const isRight =
    isGiven && BASE64.test(key) && /^[A-Za-z0-9+/_-]*=*$/.test(separator) && /^\d+ \d+$/.test(`${rounds} ${cost}`);
  if (isGiven && !isRight) throw new UnreadableExport('The hash parameters of the project are damaged.', HOW);
  return (hash, salt) => {
    if (!isGiven)
      throw new UnreadableExport('The export has password hashes, and their parameters are not there.', HOW);
    return `$fbscrypt$v=1,n=${cost},r=${rounds},p=1,ss=${separator},sk=${key}$${salt}$${hash}`;
  };
}
