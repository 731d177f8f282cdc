/**
 * The program of the hash process; its one argument is the path of an argon2 package. As text, because compiled, bundled and
 * under Jest there is no one place where a file of ours could be found.
 */
export const HASH_PROCESS_SOURCE = `
const { randomBytes } = require('node:crypto');
const { getPriority, setPriority } = require('node:os');

// Threads inherit it, so it comes before the first hash. A request that wakes up then goes first.
try { setPriority(Math.min(19, getPriority() + 10)); } catch {}

// Sent to the whole group by a terminal; logins under way are still to be answered. It ends with the channel.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

const argon2 = require(process.argv[1]);

process.on('message', ({ id, password, hash, parameters, salt }) => {
  // Synchronous: the package's own asynchronous salt would wait behind other hashes in the thread pool.
  const work = parameters
    ? argon2.hash(password, { ...parameters, salt: salt ? Buffer.from(salt, 'base64') : randomBytes(16) })
    : argon2.verify(hash, password);
  work
    .then((result) => ({ id, result }), (error) => ({ id, failure: String(error) }))
    .then((answer) => process.connected && process.send(answer));
});
`;
