// Another service, in a process of its own: answers `GET /auth/me` by the verifier of the built package, and nobody else.
import { createServer } from 'node:http';
import { createVerifier, refuse } from '../../../dist/src/verify/index.js';

const { SERVICE_URL: url, CREDENTIAL: credential, NAME: name, PORT: port } = process.env;
const verifier = createVerifier({ url, credential, name, viewSize: 100_000, log: () => undefined });

// Stopped for longer than Node keeps an idle connection, it would cut those whose requests it has not read yet when it wakes.
const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  try {
    const known = verifier.verify(request);
    const { user } = known instanceof Promise ? await known : known;
    const body = JSON.stringify({ user: { id: user.id, roles: user.roles } });
    response.setHeader('content-length', Buffer.byteLength(body)).end(body);
  } catch (error) {
    if (request.url === '/status') return respond(response, verifier.status());
    answer(error, request, response);
  }
});

function respond(response, value) {
  const body = JSON.stringify(value);
  response.setHeader('content-length', Buffer.byteLength(body)).end(body);
}

function answer(error, request, response) {
  // So that the driver knows the end of it.
  const end = response.end.bind(response);
  response.end = (body = '') => {
    response.setHeader('content-length', Buffer.byteLength(body));
    return end(body);
  };
  if (!refuse(error, request, response)) throw error;
}

await verifier.ready();
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('listens on\n'));
