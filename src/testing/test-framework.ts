/** The functions that a contract suite uses of a test framework. Jest, Vitest and others have them under these names. */
export interface TestFramework {
  describe(name: string, body: () => void): void;
  it(name: string, rule: () => Promise<void>): void;
  beforeAll(prepare: () => Promise<void>): void;
  afterAll(cleanUp: () => Promise<void>): void;
  // biome-ignore lint/suspicious/noExplicitAny: the matchers are the framework's own
  expect(actual: unknown): any;
}
