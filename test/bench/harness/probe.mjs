// An open-loop probe in a process of its own: a request is sent when it is due, whether or not those before were answered, over
// connections opened and used once before. A server that stalls is charged for every request that it delays.
// Arguments: url, requests a second, headers (a JSON list). Each number read from the parent is a run of so many seconds.
import { connect } from 'node:net';
import { getPriority, setPriority } from 'node:os';

const CONNECTIONS = 128;
const [url, perSecond, headers] = [process.argv[2], Number(process.argv[3]), JSON.parse(process.argv[4])];
const { hostname, port, host } = new URL(url);

try {
  // What it measures must not be its own waiting for a processor. Only root may.
  setPriority(Math.max(-20, getPriority() - 10));
} catch {}

class Connection {
  static async open(at) {
    const connection = new Connection();
    const lines = Object.entries({ Host: host, ...headers[at % headers.length] }).map(
      (line) => `${line.join(': ')}\r\n`,
    );
    connection.request = Buffer.from(`GET /me HTTP/1.1\r\n${lines.join('')}\r\n`);
    connection.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    connection.socket.on('data', (data) => connection.read(data)).on('error', fail);
    connection.socket.on('close', () => fail(new Error('a connection was closed')));
    await connection.ask();
    return connection;
  }

  ask() {
    this.text = '';
    this.socket.write(this.request);
    return new Promise((resolve) => {
      this.answered = resolve;
    });
  }

  read(data) {
    this.text += data.toString('latin1');
    const headEnd = this.text.indexOf('\r\n\r\n');
    const length = /\r\ncontent-length: (\d+)/i.exec(this.text);
    if (headEnd < 0 || this.text.length < headEnd + 4 + Number(length?.[1] ?? 0)) return;
    if (!this.text.startsWith('HTTP/1.1 200')) fail(new Error(this.text.slice(0, 300)));
    this.answered();
  }
}

const free = await Promise.all(Array.from({ length: CONNECTIONS }, (_, at) => Connection.open(at)));

async function probe(seconds) {
  const total = Math.round(perSecond * seconds);
  const latencies = [];
  const waiting = [];
  const startedAt = performance.now() + 20;
  const dueAt = (index) => startedAt + (index * 1000) / perSecond;
  await new Promise((resolve) => {
    const ask = async (connection, since) => {
      await connection.ask();
      latencies.push(performance.now() - since);
      const next = waiting.shift();
      if (next === undefined) free.push(connection);
      else void ask(connection, next);
      if (latencies.length === total) resolve();
    };
    let sent = 0;
    const tick = () => {
      for (; sent < total && dueAt(sent) <= performance.now(); sent++) {
        if (free.length > 0) void ask(free.pop(), performance.now());
        else waiting.push(dueAt(sent));
      }
      if (sent < total) setTimeout(tick, Math.max(0, dueAt(sent) - performance.now()));
    };
    tick();
  });
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(total - 1, Math.floor(total * share))];
  return { p50Milliseconds: at(0.5), p99Milliseconds: at(0.99), longestMilliseconds: at(1) };
}

function fail(error) {
  process.send({ failure: String(error) }, () => process.exit(1));
}

process.on('message', async (seconds) => process.send({ result: await probe(seconds) }));
process.on('disconnect', () => process.exit(0));
process.send({ result: 'open' });
