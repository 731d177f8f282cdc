type Listener = (event: { persisted?: boolean }) => void;

interface Target {
  addEventListener(type: string, listener: Listener, options: { signal: AbortSignal }): void;
}

/** What of a browser there may be. Nothing of it is needed, and each is looked up when it is used. */
interface Host extends Partial<Target> {
  readonly document?: { readonly hidden: boolean; readonly cookie: string };
  readonly location?: { readonly href: string; readonly origin: string; readonly hostname: string };
  readonly localStorage?: Record<string, string>;
  readonly navigator?: { readonly onLine?: boolean; readonly locks?: Locks };
  readonly BroadcastChannel?: new (name: string) => Channel;
}

/** Of the Web Locks API what is used. */
export interface Locks {
  request<T>(
    name: string,
    options: { signal?: AbortSignal; ifAvailable?: boolean },
    run: (lock: unknown) => Promise<T>,
  ): Promise<T>;
}

/** Of `BroadcastChannel` what is used. */
export interface Channel {
  onmessage: ((event: { data: never }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** A channel to the other tabs; undefined: there is none, or it is forbidden, so each tab finds out for itself. */
export function channelOf(name: string, hear?: (message: never) => void): Channel | undefined {
  try {
    const channel = new host.BroadcastChannel!(name);
    channel.onmessage = ({ data }) => hear!(data);
    return channel;
  } catch {
    return undefined;
  }
}

/**
 * What is kept under a name for all tabs, after it was set to `value`: a text, empty for nothing. Undefined where storage is forbidden, and
 * even to look at it is refused.
 */
export function marked(name: string, value?: string): string | undefined {
  try {
    const storage = host.localStorage!;
    if (value != null) storage[name] = value;
    return storage[name] ?? '';
  } catch {
    return undefined;
  }
}

/** Runs once for all who ask meanwhile. */
export const shared = <T>(run: () => Promise<T>) => {
  let current: Promise<T> | undefined;
  return (): Promise<T> =>
    (current ??= run().finally(() => {
      current = undefined;
    }));
};

/** Milliseconds by the steady clock. */
export const now = () => performance.now();

/** The place that this runs in: a page, a worker, Node, React Native. */
export const host = globalThis as unknown as Host;
