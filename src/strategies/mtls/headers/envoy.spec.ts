import { readEnvoyHeader } from './envoy.js';

const pem = (content: string) =>
  encodeURIComponent(`-----BEGIN CERTIFICATE-----\n${btoa(content)}\n-----END CERTIFICATE-----\n`);
const [own, others] = [pem('own'), pem('other')];

describe("Envoy's header", () => {
  it('gives the certificate that it names, whatever else it says', () => {
    const said = `Hash=ab;Cert="${own}";Subject="CN=a,O=\\"b;c\\"";URI=urn:a;DNS=a;DNS=b`;
    expect(readEnvoyHeader(said)).toEqual([Buffer.from('own')]);
  });

  // Envoy writes `URI=` and `DNS=` as they are in the certificate, which anybody may have made.
  it.each([
    ['an element of its own, by a comma', `Hash=ab;Cert="${own}";URI=urn:a,Hash=cd;Cert="${others}"`],
    ['a second certificate, by a semicolon', `Hash=ab;Cert="${own}";URI=urn:a;Cert="${others}"`],
    ['a chain of another, by a semicolon', `Hash=ab;Cert="${own}";URI=urn:a;chain="${others}"`],
    ['an element before it, by a proxy that adds its own', `Cert="${others}",Hash=ab;Cert="${own}"`],
  ])('that a name in the certificate has given %s is refused (KEY-07)', (_what, said) => {
    expect(readEnvoyHeader(said)).toBeNull();
  });
});
