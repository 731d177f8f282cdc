import { randomBytes } from 'node:crypto';
import { Options } from '../../config/options.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { SecretBox } from './secret-box.js';
import { totpOptions } from './totp-options.js';

const secretKey = SecretKey.parse(randomBytes(32).toString('base64url'));
const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64url')}`;
const boxOf = (totpKeys: string[], key = secretKey) => new SecretBox(key, Options.resolve([totpOptions], { totpKeys }));

describe('the box of TOTP secrets', () => {
  it('opens for the user it was closed for, and for no other', () => {
    const box = boxOf([]);
    const boxed = box.close('JBSWY3DPEHPK3PXP', 'ada');
    expect([box.open(boxed, 'ada'), box.open(boxed, 'bob')]).toEqual(['JBSWY3DPEHPK3PXP', null]);
  });

  it('moves to a new key while the old one is kept, and not after', () => {
    const [old, fresh] = [newKey('old'), newKey('new')];
    const boxed = boxOf([old]).close('JBSWY3DPEHPK3PXP', 'ada');
    const both = boxOf([fresh, old]);
    expect([both.open(boxed, 'ada'), both.isOutdated(boxed, 'ada')]).toEqual(['JBSWY3DPEHPK3PXP', true]);
    expect(both.isOutdated(both.close('JBSWY3DPEHPK3PXP', 'ada'), 'ada')).toBe(false);
    expect(boxOf([fresh]).open(boxed, 'ada')).toBeNull();
  });

  it('moves away from the derived key, which opens what it closed as long as SECRET_KEY stands', () => {
    const boxed = boxOf([]).close('JBSWY3DPEHPK3PXP', 'ada');
    const keyed = boxOf([newKey('one')]);
    expect([keyed.open(boxed, 'ada'), keyed.isOutdated(boxed, 'ada')]).toEqual(['JBSWY3DPEHPK3PXP', true]);
    expect(boxOf([], SecretKey.parse(randomBytes(32).toString('base64url'))).open(boxed, 'ada')).toBeNull();
  });

  it('does not start with two keys of one id', () => {
    expect(() => boxOf([newKey('one'), newKey('one')])).toThrow('TOTP_KEYS');
  });
});
