import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const VECTORS = resolve(__dirname, '../../docs/reference/verify-vectors.json');
const { conversations } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { conversations: { name: string }[] };

describe('the follower in Python, in a scripted conversation,', () => {
  let results: Record<string, string>;
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)('python3', [join(__dirname, 'run_vectors.py'), VECTORS]);
    results = JSON.parse(stdout) as Record<string, string>;
  });

  it.each(conversations)('$name', ({ name }) => {
    expect(results[name]).toBe('passed');
  });

  it('is of 150 lines at most, and imports the standard library alone', () => {
    const source = readFileSync(join(__dirname, 'follower.py'), 'utf8').trimEnd();
    expect(source.split('\n').length).toBeLessThanOrEqual(150);
    expect([...source.matchAll(/^(?:import|from) (.*)$/gm)].map(([, names]) => names)).toEqual([
      'http.client, json, queue, threading, time, urllib.parse',
    ]);
  });

  it('plays each conversation once, and no other', () => {
    expect(new Set(conversations.map(({ name }) => name)).size).toBe(conversations.length);
    expect(Object.keys(results).sort()).toEqual(conversations.map(({ name }) => name).sort());
  });
});
