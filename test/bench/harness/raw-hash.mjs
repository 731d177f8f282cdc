// The bare hash, of one package, with nothing around it. Arguments: the package's name or path, hashes at once, seconds.
import { createRequire } from 'node:module';
import { getPriority, setPriority } from 'node:os';

try {
  // As the hash process: what a login loses to the priority of its hash is no cost of the login.
  setPriority(Math.min(19, getPriority() + 10));
} catch {}

const [name, concurrency, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const argon2 = createRequire(import.meta.url)(name);
const parameters = { type: 2, algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const password = 'an engine weaves algebra';
const hash = await argon2.hash(password, parameters);
for (let i = 0; i < 4; i++) await argon2.verify(hash, password);

const latencies = [];
const startedAt = performance.now();
const isOver = () => performance.now() - startedAt > seconds * 1000;
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    while (!isOver()) {
      const before = performance.now();
      if (!(await argon2.verify(hash, password))) throw new Error('does not verify');
      latencies.push(performance.now() - before);
    }
  }),
);
const perSecond = (latencies.length * 1000) / (performance.now() - startedAt);
latencies.sort((a, b) => a - b);
process.send({ result: { perSecond, milliseconds: latencies[latencies.length >> 1] } });
process.disconnect();
