import { Name } from '@peculiar/x509';
import { canonicalSubject, subjectText } from './certificate-subject.js';

describe('a distinguished name', () => {
  it('is written with what stands last in the certificate first (RFC 4514 §2.1)', () => {
    expect(subjectText(new Name([{ C: ['DE'] }, { O: ['Ex, ample'] }, { CN: ['orders'] }]))).toBe(
      'CN=orders, O=Ex\\, ample, C=DE',
    );
    expect(subjectText(new Name([{ DC: ['org'] }, { DC: ['example'] }]))).toBe('DC=example, DC=org');
  });

  it('is named by the short names of RFC 4514 §3', () => {
    expect(subjectText(new Name([{ '2.5.4.9': ['Main St'] }, { '0.9.2342.19200300.100.1.1': ['jo'] }]))).toBe(
      'UID=jo, STREET=Main St',
    );
  });

  it.each([
    ['CN=orders,O=Example', 'CN=orders, O=Example'],
    ['CN=orders , O=Ex\\,ample', 'CN=orders , O=Ex\\,ample'],
    ['UID=jo,STREET=Main', 'UID=jo, STREET=Main'],
  ])('of an operator is brought into the same form: %s', (text, canonical) => {
    expect(canonicalSubject(text)).toBe(canonicalSubject(canonical));
    expect(canonicalSubject(text)).not.toBeNull();
  });

  it.each(['', 'orders', 'NOSUCH=x', 'CN=a\\\\', 'CN="a\\\\"'])(
    'of an operator that is none, or ambiguous, is refused: %s',
    (text) => {
      expect(canonicalSubject(text)).toBeNull();
    },
  );

  it.each(['orders, O=Example', 'orders+O=Example', 'a\\', ' a', 'a ', '#0c0161', '"q"', 'a;b=c', 'a\u2028b'])(
    'never says another name by a value of %j',
    (value) => {
      const written = subjectText(new Name([{ CN: [{ utf8String: value }] }]));
      expect(written).toMatch(/^CN=/);
      expect(written).not.toMatch(/[^\\][,+]\s*O=/);
      expect([null, written]).toContain(canonicalSubject(written));
    },
  );
});
