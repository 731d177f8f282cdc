import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Options } from '../../src/config/options.js';
import { pagesOf, wordsOf } from '../../src/features.js';
import { catalogueOf } from '../../src/languages/languages.feature.js';
import { Assets } from '../../src/pages/assets/assets.js';
import { Theme } from '../../src/pages/theme/theme.js';
import { checkPage } from '../../src/pages/trial/page-checks.js';
import { PageTrial } from '../../src/pages/trial/page-trial.js';
import { serviceSections } from '../../src/service/service-sections.js';

const DECLARED = pagesOf();
const WORDS = wordsOf();
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"/>';

describe('a theme', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'coatcheck-theme-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const themed = (values: Record<string, unknown>) => {
    const options = Options.resolve(serviceSections, {
      nodeEnv: 'test',
      publicUrl: 'https://auth.example.com',
      ...values,
    } as never);
    const assets = new Assets();
    const theme = new Theme(DECLARED, assets, options);
    return { theme, assets, trial: new PageTrial(DECLARED, catalogueOf(WORDS, options), assets, theme) };
  };
  const cssOf = (assets: Assets) =>
    assets.find(assets.pathOf('pages.css').slice('/assets/'.length))!.content.toString();

  it('is none by itself: the host, no logo, the built-in colours', () => {
    const { theme, assets } = themed({});
    expect([theme.site, theme.logo, theme.templates.size]).toEqual(['auth.example.com', null, 0]);
    expect(assets.pathOf('pages.css')).toBe(new Assets().pathOf('pages.css'));
  });

  it('has the name, the logo and the accent of a brand', () => {
    const { theme, assets, trial } = themed({ pagesBrand: `Acme & Sons,${file('logo.svg', LOGO)},#7a1fa2` });
    expect(theme.site).toBe('Acme & Sons');
    expect(assets.find(assets.pathOf(theme.logo!).slice('/assets/'.length))).toMatchObject({ type: 'image/svg+xml' });
    expect(cssOf(assets)).toMatch(
      /--accent: light-dark\(#7a1fa2, #[0-9a-f]{6}\);\n {2}--on-accent: light-dark\(#ffffff, #0d1220\);/,
    );
    for (const { html } of trial.tryPages()) {
      expect(html).toContain('<img class="logo" src="/assets/logo-');
      expect(html).toContain('Acme &amp; Sons');
    }
  });

  it.each([['Acme'], [',,#1f4fbf'], [',,#1f4fbf/#8fb1ff'], ['']])('takes the brand %j', (pagesBrand) => {
    expect(() => themed({ pagesBrand })).not.toThrow();
  });

  it.each([
    ['an accent too pale for paper', ',,#8fb1ff', / 2(\.\d)?:1 in the light scheme[\s\S]*use e\.g\. #[0-9a-f]{6}/],
    ['an accent too dark for the dark scheme', ',,#1f4fbf/#1f4fbf', /2\.\d:1 in the dark scheme[\s\S]*use e\.g\. #/],
    ['an accent that is a name', ',,blue', /accent that is no colour/],
    ['an accent with more in it', ',,#1f4fbf;}', /accent that is no colour/],
    ['three accents', ',,#1f4fbf/#8fb1ff/#fff', /accent that is no colour/],
    ['four parts', 'Acme,,,x', /more than three parts/],
    ['a logo that is not there', 'Acme,/nowhere/logo.svg', /logo that cannot be read \(ENOENT\)/],
  ])('stops the start for %s', (_what, pagesBrand, problem) => {
    expect(() => themed({ pagesBrand })).toThrow(problem);
  });

  it('proposes an accent that it takes', () => {
    const proposal = (() => {
      try {
        themed({ pagesBrand: ',,#ffcc00' });
      } catch (error) {
        return /use e\.g\. (#\w+)/.exec((error as Error).message)?.[1];
      }
      return undefined;
    })();
    expect(() => themed({ pagesBrand: `,,${proposal}` })).not.toThrow();
  });

  it.each([
    ['of another kind', 'logo.gif', 'GIF89a'],
    ['that is not what its name says', 'logo.png', LOGO],
    ['that is a page', 'logo.svg', '<html><script>alert(1)</script></html>'],
    ['that is large', 'logo.svg', LOGO + ' '.repeat(65_536)],
  ])('stops the start for a logo %s', (_what, name, content) => {
    expect(() => themed({ pagesBrand: `Acme,${file(name, content)}` })).toThrow(/PAGES_BRAND names a logo that/);
  });

  it('sets custom properties, after the built-in ones and those of the brand', () => {
    const css = cssOf(
      themed({
        pagesTheme: file(
          'tokens.css',
          '/* ours; not } yours */:root { --sans: "Inter", sans-serif; --line: light-dark(#ccc, #444) }',
        ),
        pagesBrand: ',,#1f4fbf',
      }).assets,
    );
    expect(
      css.trimEnd().endsWith(':root {\n  --sans: "Inter", sans-serif;\n  --line: light-dark(#ccc, #444);\n}'),
    ).toBe(true);
    expect(css.indexOf('--accent: light-dark(#1f4fbf')).toBeLessThan(css.lastIndexOf('--sans'));
  });

  it.each([
    [
      'a rule of another element',
      ':root { --line: #ccc; }\nbody { color: red; }',
      /line 2 something other than `:root/,
    ],
    ['another property', ':root {\n  --line: #ccc;\n  color: red;\n}', /line 3 something other than a custom property/],
    ['an import', '@import "x.css";', /line 1 something other than `:root/],
    ['a file', ':root { --line: url(//evil.example/x); }', /line 1 a value of --line that is not allowed/],
    ['a file under another name', ':root { --line: image-set("x.png" 1x); }', /value of --line that is not allowed/],
    ['a way out', ':root { --line: red } * { color: red; }', /line 1 something other than `:root/],
    ['a nested rule', ':root { --line: { color: red } }', /PAGES_THEME has in line 1/],
    ['an escape', ':root { --line: \\75rl(x); }', /value of --line that is not allowed/],
    ['a quote left open', ':root { --sans: "Inter; }', /value of --sans that is not allowed/],
    ['a comment left open', '/* :root { --line: #ccc }', /line 1 something other than `:root/],
    ['a name that no page uses', ':root { --acent: #fff; }', /--acent, which no page uses[\s\S]*--accent/],
    [
      'an accent that cannot be read',
      ':root { --accent: #eee; }',
      /--accent a contrast of 1\.\d:1 on --paper in the light/,
    ],
    ['a paper that nothing can be read on', ':root { --paper: #666; }', /on --paper in the light scheme/],
  ])('stops the start for %s in its style sheet', (_what, css, problem) => {
    expect(() => themed({ pagesTheme: file('tokens.css', css) })).toThrow(problem);
  });

  it('replaces a template by its name, and the layout', () => {
    file('problem.eta', '<h1><%= it.title %></h1><p>Ours: <%= it.problem.code %></p>');
    file('README.md', 'ours');
    const { trial } = themed({ pagesTemplates: folder });
    const [english, german] = trial.tryPages(['problem']);
    expect(english!.html).toContain('<p>Ours: rate_limited</p>');
    expect(german!.html).toContain('<html lang="de" dir="ltr">');
  });

  it.each([
    ['a name that no page has', 'signin.eta', '<p>', /signin.eta, which no page uses[\s\S]*problem/],
    ['a value that it does not get', 'problem.eta', '<%= it.problm %>', /problem.eta in en: it.problm is not given/],
    [
      'a word that is not there',
      'problem.eta',
      '<%= it.t("problem.nothing") %>',
      /there is no word problem.nothing in en/,
    ],
    ['a syntax error', 'problem.eta', '<% if ( { %>', /problem.eta in en/],
    [
      'a layout with a value that it does not get',
      'layout.eta',
      '<%= it.content %>',
      /layout.eta in en: it.content is not given/,
    ],
  ])('stops the start for a template with %s', (_what, name, source, problem) => {
    file(name, source);
    expect(() => themed({ pagesTemplates: folder })).toThrow(problem);
  });
});

describe('pages check', () => {
  const options = Options.resolve(serviceSections, { nodeEnv: 'test' } as never);
  const assets = new Assets();
  const trial = new PageTrial(DECLARED, catalogueOf(WORDS, options), assets, new Theme(DECLARED, assets, options));
  const tried = trial.tryPages();

  it.each(tried.map((page) => [page.name, page.language, page] as const))(
    'finds nothing at %s in %s',
    (_name, language, { html, problem }) => {
      expect(problem).toBeNull();
      expect(checkPage(html!, language)).toEqual([]);
    },
  );

  const GOOD = '<html lang="en" dir="ltr"><title>T</title><h1>T</h1>';
  it.each([
    ['no language', GOOD.replace('lang="en" ', ''), 'has no `lang`'],
    ['another language', GOOD.replace('"en"', '"de"'), 'has no `lang`'],
    ['no direction', GOOD.replace(' dir="ltr"', ''), 'has no `dir`'],
    ['no heading', GOOD.replace(/<h1.*/, ''), 'has 0 h1'],
    ['two headings', `${GOOD}<h1>U</h1>`, 'has 2 h1'],
    ['no title', GOOD.replace('<title>T</title>', '<title> </title>'), 'has no title'],
    ['one id twice', `${GOOD}<p id="a"><p id=a>`, 'has the id a more than once'],
    ['a label of nothing', `${GOOD}<label for="x">X</label>`, 'has a label for x'],
    ['a field without label', `${GOOD}<input name="x" id="x">`, 'has the field x without a label'],
    [
      'a placeholder instead of a label',
      `${GOOD}<textarea name="x" placeholder="X"></textarea>`,
      'has the field x without',
    ],
    ['an inline script', `${GOOD}<script>x()</script>`, 'has an inline script'],
    ['a style element', `${GOOD}<style>p{}</style>`, 'has a style element'],
    ['a style attribute', `${GOOD}<p style="x">`, 'has a style attribute at p'],
    ['a handler', `${GOOD}<button onclick=x()>`, 'has a handler onclick at button'],
    ['a link that runs', `${GOOD}<a href="javascript:x()">`, 'has a link to javascript:'],
    ['a file of another host', `${GOOD}<img alt="" src="//cdn.example/x.png">`, 'loads //cdn.example/x.png'],
    ['a form without token', `${GOOD}<form method="post" action="/a"></form>`, 'has a form to /a without its token'],
    [
      'a form with the token of another',
      `${GOOD}<form method="POST"></form><input type="hidden" name="_csrf" value="x">`,
      'without its token',
    ],
    ['an image without text', `${GOOD}<img src="/a.png">`, 'has an image without alt'],
    ['a value left out', `${GOOD}<p>undefined`, 'shows undefined'],
    ['a word with its place left', `${GOOD}<p>Hello {name}`, 'shows {name}'],
  ])('finds %s', (_what, html, problem) => {
    const found = checkPage(html, 'en');
    expect(found.map((finding) => finding.problem)).toEqual([expect.stringContaining(problem)]);
    expect(found[0]!.remedy).not.toBe('');
  });
});
