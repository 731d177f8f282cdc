import 'reflect-metadata';

import { isShallowEnough, MaxDepth } from './max-depth.decorator.js';

class Request {
  plain!: unknown;

  @MaxDepth(1)
  list!: unknown;

  @MaxDepth(2)
  rows!: unknown;
}

describe('the depth of a field', () => {
  it.each([
    ['plain', 'text'],
    ['plain', null],
    ['list', 'text'],
    ['list', ['a', 'b']],
    ['list', { a: 1 }],
    ['rows', [{ a: 1 }, {}]],
  ])('%s may hold %j', (field, value) => {
    expect(isShallowEnough(value, Request, field)).toBe(true);
  });

  it.each([
    ['plain', []],
    ['plain', {}],
    ['list', [['a']]],
    ['list', [{}]],
    ['rows', [{ a: [] }]],
    ['rows', JSON.parse('[{"__proto__": 1}]')],
    ['rows', JSON.parse('{"constructor": 1}')],
    ['unknown', {}],
  ])('%s may not hold %j', (field, value) => {
    expect(isShallowEnough(value, Request, field)).toBe(false);
  });

  it('does not follow a value any deeper than that', () => {
    let deep: unknown = {};
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(isShallowEnough(deep, Request, 'rows')).toBe(false);
  });
});
