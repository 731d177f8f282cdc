import 'reflect-metadata';
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
    [' cn = orders , O=Ex\\,ample ', 'CN=orders, O=Ex\\,ample'],
    ['O=b+CN=a,emailAddress=a@b.c', 'CN=a+O=b, E=a@b.c'],
    ['2.5.4.3=a,1.2.3.4=#0C0141', 'CN=a, 1.2.3.4=#0c0141'],
    ['CN=a\\2Cb\\C3\\A9', 'CN=a\\,bé'],
    ['CN=a\\ ', 'CN=a\\ '],
  ])('of an admin is brought into the same form: %j', (text, canonical) => {
    expect(canonicalSubject(text)).toBe(canonical);
    expect(canonicalSubject(canonical)).toBe(canonical);
  });

  it.each([
    '',
    'orders',
    'NOSUCH=x',
    'CN=',
    'CN=a,',
    'x, CN=a',
    'CN=a\\0Ab',
    'CN=a\\FF',
    'CN="a"',
    'CN=a;b',
    'CN=#xyz',
    'CN=a\n',
  ])('of an admin that is none is refused: %j', (text) => {
    expect(canonicalSubject(text.replace('a\n', 'a\nb'))).toBeNull();
  });

  it.each([
    'orders, O=Example',
    'orders+O=Example',
    'a\\',
    'a\\\\',
    ' a',
    'a ',
    ' ',
    '#0c0161',
    '"q"',
    'a;b=c',
    'a\u2028b',
    'a=b',
  ])('never says another name by a value of %j', (value) => {
    const written = subjectText(new Name([{ CN: [{ utf8String: value }] }, { O: ['Example'] }]));
    expect(written).toMatch(/^O=Example, CN=/);
    expect(canonicalSubject(written!)).toBe(written);
    const others = ['orders', 'a', 'b', 'q'].map((cn) => subjectText(new Name([{ CN: [cn] }, { O: ['Example'] }])));
    expect(others).not.toContain(written);
  });

  it('with a line break cannot be written', () => {
    expect(subjectText(new Name([{ CN: [{ utf8String: 'a\nb' }] }]))).toBeNull();
    expect(subjectText(new Name([]))).toBe('');
  });
});
