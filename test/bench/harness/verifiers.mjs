// Other services' verifiers, several in one process: they follow the bench app, and one of them is measured beside `jose` alone.
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { createVerifier } from '../../../dist/src/verify/index.js';

const { SERVICE_URL: url, CREDENTIAL: credential, COUNT: count } = process.env;
const verifiers = Array.from({ length: Number(count) }, () => createVerifier({ url, credential }));
const [verifier] = verifiers;
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', url));
const orders = { cost, following: () => verifiers.filter((one) => one.status().isFollowing).length };

await Promise.all(verifiers.map((one) => one.ready()));
const server = createServer((_request, reply) => reply.end());
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));

process.on('disconnect', () => process.exit(0));
process.on('message', async ({ id, order, argument }) => {
  try {
    process.send({ id, result: await orders[order](argument) });
  } catch (error) {
    process.send({ id, failure: String(error) });
  }
});

/**
 * µs of CPU of one verification, of tokens of one session, three ways in turn: by `jose` alone, by the verifier, which sees each of them for the
 * first time, and by the verifier, which has seen them.
 */
async function cost({ issuer, audience, tokens }) {
  const requests = tokens.map((token) => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } }));
  // The session is known, and the keys are.
  await verifier.verify(requests.pop());
  await jwtVerify(tokens.pop(), keys, { issuer, audience });
  const ways = {
    jose: (at) => jwtVerify(tokens[at], keys, { issuer, audience, algorithms: ['ES256'], typ: 'at+jwt' }),
    first: (at) => verifier.verify(requests[at]),
    // The latest of them, which is known.
    again: (at) => verifier.verify(requests[at - (at % 200) + 199]),
  };
  const { lookUps } = verifier.status();
  const micros = { jose: 0, first: 0, again: 0 };
  const part = 200;
  for (let from = 0; from + part <= requests.length; from += part) {
    for (const [name, work] of Object.entries(ways)) {
      const before = process.cpuUsage();
      for (let at = from; at < from + part; at += 1) await work(at);
      const { user, system } = process.cpuUsage(before);
      micros[name] += user + system;
    }
  }
  if (verifier.status().lookUps !== lookUps + requests.length) throw new Error('the service was asked, or was not');
  for (const name of Object.keys(micros)) micros[name] /= Math.floor(requests.length / part) * part;
  return micros;
}
