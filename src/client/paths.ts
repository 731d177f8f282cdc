/** Routes that begin a session, and are told how its tickets are to travel. */
export const BEGINNINGS = /^\/auth\/login(?!\/factor)(\/\w+)?$|\/impersonate$/;
/** Routes by which a user signs in here. */
export const LOGINS = /^\/auth\/login(\/\w+)?$/;

/** Path and query of a call. A value that is empty, or dots, would name another route, and is sent otherwise. */
export const pathOf = (path: string, values?: Readonly<Record<string, string>>, query?: object): string =>
  path.replace(/{(\w+)}/g, (_, key) => encodeURIComponent(values![key]!).replace(/^\.*$/, '~$&')) +
  // Without what is undefined.
  (query ? `?${new URLSearchParams(JSON.parse(JSON.stringify(query)))}` : '');
