let loading: Promise<ReadonlySet<string>> | undefined;

/**
 * 49,000 passwords that guessing begins with, in lower case. Loaded at the first call, once in a process: about 20 ms and
 * 14 MB that a process without registrations never spends.
 */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ReadonlySet<string>> {
  // @ts-expect-error The package has types for its index only, which loads two more dictionaries.
  const list = await import('@zxcvbn-ts/language-common/dist/passwords.json.mjs');
  return new Set<string>(list.default);
}
