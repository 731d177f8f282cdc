import { SourceMap } from 'node:module';

const INLINE = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([\w+/=]+)\s*$/;

/** Code as it was compiled, by file; its inline source map is read when a stack trace first passes there. */
const compiled = new Map();
const maps = new Map();

export function rememberSource(file, code) {
  compiled.set(file, code);
}

/** Lets stack traces through shared modules name the lines as they were written. Jest itself knows only the files it compiled. */
export function mapStackTraces() {
  const format = Error.prepareStackTrace;
  if (!format || format.mapsShared) return;
  Error.prepareStackTrace = Object.assign((error, frames) => format(error, frames.map(written)), { mapsShared: true });
}

function written(frame) {
  const map = mapOf(frame.getFileName());
  const origin = map?.findOrigin(frame.getLineNumber(), frame.getColumnNumber());
  if (!origin?.lineNumber) return frame;
  const position = { getLineNumber: () => origin.lineNumber, getColumnNumber: () => origin.columnNumber };
  return new Proxy(frame, {
    get: (target, key) => position[key] ?? (typeof target[key] === 'function' ? target[key].bind(target) : target[key]),
  });
}

function mapOf(file) {
  if (!maps.has(file) && compiled.has(file)) {
    const [, payload] = INLINE.exec(compiled.get(file)) ?? [];
    maps.set(file, payload && new SourceMap(JSON.parse(Buffer.from(payload, 'base64').toString())));
  }
  return maps.get(file);
}
