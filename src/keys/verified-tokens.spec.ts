import { VerifiedTokens } from './verified-tokens.js';

const claims = (exp: number) => ({ sid: 's', sub: 'u', exp });

describe('the tokens verified before', () => {
  it('are known until the next arrival after their expiry', () => {
    const tokens = new VerifiedTokens<{ sid: string; sub: string; exp: number }>();
    tokens.add('one', claims(100), 10);
    expect(tokens.get('one')?.exp).toBe(100);
    tokens.add('two', claims(200), 99);
    expect(tokens.size).toBe(2);
    tokens.add('three', claims(300), 100);
    expect([tokens.get('one'), tokens.size]).toEqual([undefined, 2]);
  });

  it('never outnumber the capacity: the oldest goes', () => {
    const tokens = new VerifiedTokens<{ sid: string; sub: string; exp: number }>(3);
    for (const name of ['a', 'b', 'c', 'd', 'e']) tokens.add(name, claims(100), 1);
    expect([tokens.size, tokens.get('b'), tokens.get('c')?.exp]).toEqual([3, undefined, 100]);
  });

  it('are known by all of their text: the end of one, put behind another beginning, is nothing', () => {
    const tokens = new VerifiedTokens<{ sid: string; sub: string; exp: number }>();
    const signature = 'MEUCIQDx0m2cIYEKb6sB3nq5H0t1G2f3E4d5C6b7A8';
    tokens.add(`header.ada.${signature}`, claims(100), 1);
    expect(tokens.get(`header.ada.${signature}`)?.exp).toBe(100);
    expect(tokens.get(`header.mallory.${signature}`)).toBeUndefined();
  });

  it('do not include one that has expired', () => {
    const tokens = new VerifiedTokens<{ sid: string; sub: string; exp: number }>();
    tokens.add('late', claims(100), 100);
    expect(tokens.size).toBe(0);
  });

  it('cannot be changed by code that is given the claims', () => {
    const tokens = new VerifiedTokens<{ sid: string; sub: string; exp: number }>();
    tokens.add('one', claims(100), 1);
    expect(() => Object.assign(tokens.get('one')!, { sub: 'mallory' })).toThrow(TypeError);
  });
});
