import { defineSpans, type TracedCall, traced } from '../../kernel/span.js';
import type { HashGate } from './hash-gate.js';
import type { PasswordHashes } from './password-hashes.js';

export const hashSpanDescriptions = defineSpans({
  'coatcheck.hash': {
    help: 'The hashing of a password, from the request for it to its end: the wait for its turn and all that follows it.',
    attributes: { 'coatcheck.hash.wait_seconds': 'How long it waited for its turn.' },
  },
  'coatcheck.hash.run': {
    within: 'trace',
    help: 'One hash: a password that is hashed, or compared with a hash.',
    attributes: {
      'coatcheck.hash.operation': '`hash` or `verify`.',
      'coatcheck.hash.algorithm': 'Of the hash: `argon2id`, that of an imported hash, or `other`.',
    },
  },
});

/** How the hash says its algorithm; imported ones in their own way. */
const ALGORITHMS: readonly (readonly [RegExp, string])[] = [
  [/^\$argon2(id|i|d)\$/, 'argon2$1'],
  [/^(\{pepper\}|bcrypt\$|bcrypt_sha256\$)?\$2[abxy]\$/, 'bcrypt'],
  [/^\$(fb)?scrypt\$|^scrypt[:$]/, 'scrypt'],
  [/^\$?pbkdf2|^pbkdf2_/, 'pbkdf2'],
];

/** Waiting and hashing, apart. */
export function hashSpans(gate: HashGate, hashes: PasswordHashes): TracedCall[] {
  const { 'coatcheck.hash': whole, 'coatcheck.hash.run': one } = hashSpanDescriptions;
  return [
    traced(gate, 'run', (tracer, run, work, ...source) => {
      const askedAt = performance.now();
      return tracer.run(whole, {}, (span) =>
        run(
          () => {
            span.set({ 'coatcheck.hash.wait_seconds': (performance.now() - askedAt) / 1000 });
            return work();
          },
          ...source,
        ),
      );
    }),
    traced(hashes, 'hash', (tracer, hash, ...given) =>
      tracer.run(one, { 'coatcheck.hash.operation': 'hash' }, async (span) => {
        const made = await hash(...given);
        span.set({ 'coatcheck.hash.algorithm': algorithmOf(made) });
        return made;
      }),
    ),
    traced(hashes, 'verify', (tracer, verify, stored, text) =>
      tracer.run(one, { 'coatcheck.hash.operation': 'verify', 'coatcheck.hash.algorithm': algorithmOf(stored) }, () =>
        verify(stored, text),
      ),
    ),
  ];
}

/** From a closed set, whatever the hash is. */
function algorithmOf(stored: string): string {
  const hash = stored.replace(/^\$pepper\$[\w-]{1,32}(?=\$)/, '');
  for (const [form, name] of ALGORITHMS) {
    const [found, which = ''] = form.exec(hash) ?? [];
    if (found !== undefined) return name.replace('$1', which);
  }
  return 'other';
}
