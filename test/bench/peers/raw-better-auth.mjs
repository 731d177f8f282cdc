// better-auth's own hash with nothing around it. Arguments: hashes at once, seconds.
import { hashPassword, verifyPassword } from 'better-auth/crypto';

const [concurrency, seconds] = [Number(process.argv[2]), Number(process.argv[3])];
const password = 'an engine weaves algebra';
const hash = await hashPassword(password);
for (let i = 0; i < 4; i++) await verifyPassword({ hash, password });

const latencies = [];
const startedAt = performance.now();
const isOver = () => performance.now() - startedAt > seconds * 1000;
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    while (!isOver()) {
      const before = performance.now();
      if (!(await verifyPassword({ hash, password }))) throw new Error('does not verify');
      latencies.push(performance.now() - before);
    }
  }),
);
const perSecond = (latencies.length * 1000) / (performance.now() - startedAt);
latencies.sort((a, b) => a - b);
process.send({ result: { perSecond, milliseconds: latencies[latencies.length >> 1] } });
process.disconnect();
