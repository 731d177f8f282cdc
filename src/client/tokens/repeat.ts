/** A larger body is not kept for sending it again. */
const KEPT_BYTES = 1024 * 1024;

/**
 * A request may be sent twice: what is no stream can be read again; of a `Request` a copy is read on the side, and given up when it gets
 * too large.
 *
 * @returns what to send the second time; undefined: it cannot be
 */
export function repeatOf(input: URL | Request, body: unknown): () => URL | Request | undefined {
  // What the page itself has kept can be read again. (Firefox does not show the body of a `Request`.)
  if (!(input as Request).body)
    return () =>
      (body as Partial<ReadableStream> | undefined)?.getReader || (input as Request).bodyUsed ? undefined : input;
  let size = 0;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let isWhole: boolean | undefined;
  // Not waited for: some interceptors never say that they have cancelled a body.
  (input as Request)
    .clone()
    .body!.pipeTo(
      new WritableStream({
        write(part) {
          size += part.length;
          if (size > KEPT_BYTES) throw size;
          parts.push(part);
        },
        close() {
          isWhole = true;
        },
      }),
    )
    .catch(() => {});
  return () => (isWhole ? new Request(input, { body: new Blob(parts) }) : undefined);
}
