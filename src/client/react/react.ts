import {
  createContext,
  createElement,
  type FunctionComponent,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useSyncExternalStore,
} from 'react';
import type { Client, Snapshot, User } from '../client.js';

/** Props of `<AuthProvider>`. */
export interface AuthProviderProps {
  readonly client: Client;
  /** What the server knew when it made the page (`readSession`): no flash, no warning, no request. */
  readonly initial?: Snapshot;
  readonly children?: ReactNode;
}

interface Given extends Pick<AuthProviderProps, 'client' | 'initial'> {
  /** The client's, before it was asked for anything. */
  readonly first: Snapshot;
}

const Auth = createContext<Given | null>(null);
const UNKNOWN: Snapshot = { status: 'unknown', user: null, session: null, reason: null };

/** Lets the components below know who is signed in. It owns nothing: the code that created the client frees it. */
export const AuthProvider: FunctionComponent<AuthProviderProps> = ({ client, initial, children }) => {
  const value = useMemo(() => ({ client, initial, first: client.session.getSnapshot() }), [client, initial]);
  return createElement(Auth, { value }, children);
};

/** Who is signed in, as far as is known. @throws Error outside an `<AuthProvider>` */
export function useSession(): Snapshot {
  const given = useContext(Auth);
  if (!given) throw new Error('useSession must be used below <AuthProvider>');
  const { client, initial = UNKNOWN, first } = given;
  const subscribe = useCallback(
    (listener: () => void) => client.session.subscribe(listener, initial),
    [client, initial],
  );
  const current = () => {
    const snapshot = client.session.getSnapshot();
    // What becomes unknown later is not what the server knew.
    return snapshot === first && first.status === 'unknown' ? initial : snapshot;
  };
  return useSyncExternalStore(subscribe, current, () => initial);
}

/** The user who is signed in; null: no user is, or it is not known. @throws Error outside an `<AuthProvider>` */
export function useUser(): User | null {
  return useSession().user;
}
