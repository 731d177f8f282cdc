const PATIENCE_MS = 5000;
const HANDLES = 'process.report.getReport().libuv';

/**
 * What a Node process is at: its JavaScript stack if it computes, and what its event loop waits for. Asked through its debugger, which a
 * signal opens, and which has a thread of its own.
 *
 * @param child a forked process; its stderr must be a pipe
 * @returns lines to print
 */
export async function stackOf(child) {
  const address = new Promise((resolve) => {
    child.stderr.on('data', (chunk) => resolve(/ws:\/\/\S+/.exec(chunk)?.[0] ?? undefined));
  });
  child.kill('SIGUSR1');
  const url = await inTime(address);
  if (!url) return ['It does not even open its debugger.'];
  // Later than this file: while Jest loads its runner, it transforms packages, for its workers.
  const { default: WebSocket } = await import('ws');
  const socket = new WebSocket(url);
  try {
    return await ask(socket);
  } finally {
    socket.terminate();
  }
}

async function ask(socket) {
  const heard = (isIt) =>
    inTime(
      new Promise((resolve) => {
        socket.on('message', (data) => {
          const message = JSON.parse(data);
          if (isIt(message)) resolve(message);
        });
      }),
    );
  const send = (id, method, params) => socket.send(JSON.stringify({ id, method, params }));
  await inTime(new Promise((resolve) => socket.once('open', resolve).once('error', resolve)));
  const handles = heard(({ id }) => id === 1);
  send(1, 'Runtime.evaluate', { expression: HANDLES, returnByValue: true });
  const { result } = (await handles) ?? {};
  const paused = heard(({ method }) => method === 'Debugger.paused');
  const files = new Map();
  socket.on('message', (data) => {
    const { method, params } = JSON.parse(data);
    if (method === 'Debugger.scriptParsed') files.set(params.scriptId, params.url);
  });
  send(2, 'Debugger.enable');
  send(3, 'Debugger.pause');
  const { params } = (await paused) ?? {};
  return [
    ...(params?.callFrames.map((frame) => frameLine(frame, files)) ?? []),
    ...(result?.result.value.filter(isWaitedFor).map(handleLine) ?? []),
  ];
}

function inTime(promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

function frameLine({ functionName, location: { scriptId, lineNumber } }, files) {
  return `  at ${functionName || '(anonymous)'} (${files.get(scriptId)}:${lineNumber + 1})`;
}

function isWaitedFor({ type, is_active: isActive, is_referenced: isReferenced }) {
  return isActive && isReferenced && type !== 'loop';
}

function handleLine({ type, localEndpoint, remoteEndpoint, firesInMsFromNow, pid }) {
  const fires = firesInMsFromNow && `in ${firesInMsFromNow} ms`;
  const details = [endpoint(localEndpoint), endpoint(remoteEndpoint), fires, pid];
  return `  waits for a ${type} ${details.filter(Boolean).join(' ')}`;
}

function endpoint(end) {
  return end?.port && `${end.ip4 ?? end.ip6 ?? end.host}:${end.port}`;
}
