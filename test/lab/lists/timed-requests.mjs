// Sends requests one after the other over one connection, and answers with the milliseconds that each took: a process of its own, whose garbage is
// not the service's. Started by fork() with the address and the headers; told a path and how often.
import { Agent, get } from 'node:http';

const [url, headers] = [process.argv[2], JSON.parse(process.argv[3])];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function timed(path) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    get(url + path, { agent, headers }, (reply) => {
      reply.resume();
      reply.on('end', () => {
        if (reply.statusCode !== 200) reject(new Error(`${path} answered ${reply.statusCode}`));
        else resolve(performance.now() - begun);
      });
    }).on('error', reject);
  });
}

process.on('message', async ({ path, count }) => {
  const times = [];
  try {
    for (let n = 0; n < count; n++) times.push(await timed(path));
    process.send({ times });
  } catch (error) {
    process.send({ failure: String(error) });
  }
});
