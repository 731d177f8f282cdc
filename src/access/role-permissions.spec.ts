import { Options } from '../config/options.js';
import { accessOptions } from './access-options.js';

const read = (text: string) => Options.readEnvironment([accessOptions], { ROLE_PERMISSIONS: text }).rolePermissions;
const accepted = (value: unknown) => accessOptions.specs.rolePermissions.accepts(value);

describe('ROLE_PERMISSIONS', () => {
  it('names each role with what it permits', () => {
    expect(read('accountant=invoices:read invoices:write; clerk=invoices:read')).toEqual({
      accountant: ['invoices:read', 'invoices:write'],
      clerk: ['invoices:read'],
    });
    expect(read(' clerk =  a  b ;; ')).toEqual({ clerk: ['a', 'b'] });
    expect(read('nobody=')).toEqual({ nobody: [] });
  });

  it.each([
    'clerk',
    'clerk=a=b',
    '=a',
    'clerk=a; clerk=b',
    'clerk=a,b"c',
    'two words=a',
    '__proto__=a',
    'clerk=é',
    '[1]',
  ])('is refused as %j', (text) => {
    expect(accepted(read(text))).toBe(false);
  });

  it.each([[null], [[]], ['clerk=a'], [{ clerk: 'a' }], [{ clerk: [1] }], [{ clerk: [''] }]])(
    'is refused as the value %j',
    (value) => {
      expect(accepted(value)).toBe(false);
    },
  );
});
