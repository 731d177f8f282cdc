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
  if (!stream) {
    const { byteLength, length, size, getReader } = (body ?? '') as Record<string, number | undefined>;
    return () => (getReader || (byteLength ?? length ?? size ?? 0) > KEPT_BYTES ? undefined : input);
  }
  const { url, method, headers, signal } = input as Request;
  let copy: Blob | undefined;
  const read = async (reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>) => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let size = 0; size <= KEPT_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) {
        copy = new Blob(parts);
        return;
      }
      parts.push(value);
      size += value.length;
    }
    // Not waited for: some interceptors never say that they have.
    reader.cancel().catch(() => {});
  };
  void read((input as Request).clone().body!.getReader());
  return () => copy && new Request(url, { method, headers, signal, body: copy });
}
