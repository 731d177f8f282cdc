// What the platform gives without any framework: the load must be able to generate more than anything that is measured.
import { createServer } from 'node:http';

const body = JSON.stringify({
  id: '00000000-0000-7000-8000-000000000000',
  email: 'user-000000@bench.example',
  name: 'U 000000',
});
const server = createServer((_request, reply) => {
  reply.setHeader('Content-Type', 'application/json; charset=utf-8');
  reply.setHeader('Content-Length', Buffer.byteLength(body));
  reply.end(body);
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));

process.on('disconnect', () => process.exit(0));
process.on('message', ({ id }) => {
  const { user, system } = process.cpuUsage();
  process.send({ id, result: user + system });
});
