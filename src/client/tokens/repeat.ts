/** A larger body is not kept for sending it again. */
const KEPT_BYTES = 1024 * 1024;

/** What to send: now, and once more; undefined: it cannot be. */
export interface Sending {
  readonly now: URL | Request;
  again(): URL | Request | undefined;
}

/** A request may be sent twice. What is no stream can be read again; of a `Request` a copy is read on the side, and given up when it gets too large. */
export function sendingOf(input: URL | Request, body: RequestInit['body']): Sending {
  if (input instanceof URL || !input.body) {
    const { length, byteLength, size, getReader } = (body ?? '') as unknown as Record<string, number | undefined>;
    const bytes = getReader ? Number.POSITIVE_INFINITY : (byteLength ?? length ?? size ?? 0);
    return { now: input, again: () => (bytes > KEPT_BYTES ? undefined : input) };
  }
  let copy: Blob | undefined;
  const { url, method, headers, signal } = input;
  void copyOf(input.clone().body!.getReader()).then((read) => {
    copy = read;
  });
  return { now: input, again: () => copy && new Request(url, { method, headers, signal, body: copy }) };
}

/** Undefined: too large. */
async function copyOf(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): Promise<Blob | undefined> {
  const parts: BlobPart[] = [];
  for (let size = 0; size <= KEPT_BYTES; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts);
    size += value.length;
    parts.push(value);
  }
  // Not waited for: some interceptors never say that they have.
  reader.cancel().catch(() => {});
  return undefined;
}

/** The refusal, saying why it was not tried again. */
export async function notRepeated(reply: Response): Promise<Response> {
  const problem = await reply.json();
  problem.detail += ' Not repeated: the body is a stream, or larger than 1 MiB.';
  return new Response(JSON.stringify(problem), reply);
}
