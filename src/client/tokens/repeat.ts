/** A larger body is not kept for sending it again. */
const KEPT_BYTES = 1024 * 1024;

/**
 * A request may be sent twice: what is no stream can be read again; of a `Request` a copy is read on the side, and given up when it gets
 * too large.
 *
 * @returns what to send the second time; undefined: it cannot be
 */
export function repeatOf(input: URL | Request, body: unknown): () => URL | Request | undefined {
  const stream = (input as Request).body;
  // What the page itself has kept can be read again.
  if (!stream) return () => ((body as Partial<ReadableStream> | undefined)?.getReader ? undefined : input);
  const { url, method, headers, signal } = input as Request;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let copy: Blob | undefined;
  const aside = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(part) {
      size += part.length;
      if (size > KEPT_BYTES) throw size;
      parts.push(part);
    },
    close() {
      copy = new Blob(parts);
    },
  });
  // Not waited for: some interceptors never say that they have cancelled a body.
  (input as Request)
    .clone()
    .body!.pipeTo(aside)
    .catch(() => {});
  return () => copy && new Request(url, { method, headers, signal, body: copy });
}
