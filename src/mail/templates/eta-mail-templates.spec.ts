import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { mailsOf, wordsOf } from '../../features.js';
import { catalogueOf } from '../../languages/languages.feature.js';
import { languagesOptions } from '../../languages/languages-options.js';
import { mailOptions } from '../mail-options.js';
import { EtaMailTemplates } from './eta-mail-templates.js';
import { changesOf } from './mail-declaration.js';
import type { TemplateKind, TemplateValues } from './template-values.js';

const DECLARED = mailsOf();
const KINDS = [...DECLARED.keys()];
const CASES = KINDS.flatMap((kind) => ['en', 'de'].map((language) => [kind, language] as const));
const sampleOf = <K extends TemplateKind>(kind: K) => DECLARED.get(kind)!.sample as TemplateValues[K];
const MARKUP = `<script>alert(1)</script>"'&`;

describe('mail templates', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'coatcheck-mail-templates-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const templatesWith = (files: Record<string, string> | string = '') => {
    if (typeof files === 'object')
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    const mailTemplates = typeof files === 'string' ? files : folder;
    const options = Options.resolve([coreOptions, languagesOptions, mailOptions], {
      nodeEnv: 'test',
      publicUrl: 'https://auth.example.com',
      mailTemplates,
    });
    return new EtaMailTemplates(DECLARED, catalogueOf(wordsOf(), options), options);
  };

  it.each(CASES)('%s says the same as text and as HTML, in %s', (kind, language) => {
    const { to, subject, text, html } = templatesWith().write(kind, 'ada@example.com', sampleOf(kind), language);
    expect(to).toBe('ada@example.com');
    expect(subject).toMatch(/^[A-Z][^\n]+$/);
    const shown = html
      .replace(/[\s\S]*<body[^>]*>|<p style[\s\S]*$/g, '')
      .replace(/<a href="([^"]*)">([^<]*)<\/a>/g, '$2: $1')
      .replace(/<[^>]*>/g, '')
      .replace(/&quot;/g, '"');
    expect(shown.split(/\n+/).filter(Boolean)).toEqual(text.split(/\n+/).filter(Boolean));
    expect(html.startsWith(`<!doctype html>\n<html lang="${language}" dir="ltr">`)).toBe(true);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(`${subject}${text}${html}`).not.toMatch(/undefined|null|\[object|<%/);
  });

  it('show a stranger’s markup as text, in the HTML and in the address of a link', () => {
    const { html, text } = templatesWith().write('email-changed', 'ada@example.com', {
      url: `https://auth.example.com/?a="&b=<`,
      token: MARKUP,
      validSeconds: 86_400,
      newEmail: MARKUP,
    });
    expect(html).not.toMatch(/<script/);
    expect(html).toContain('<a href="https://auth.example.com/?a=&quot;&amp;b=&lt;">');
    expect(text).toContain(MARKUP);
  });

  it.each([
    [3600, '1 hour'],
    [86_400, '24 hours'],
    [172_800, '2 days'],
    [1800, '30 minutes'],
    [86_399, '24 hours'],
    [86_369, '23 hours and 59 minutes'],
    [604_799, '7 days'],
    [5000, '1 hour and 23 minutes'],
    [100_000, '27 hours and 47 minutes'],
    [180_061, '2 days, 2 hours and 1 minute'],
    [3599, '1 hour'],
    [60, '1 minute'],
    [120, '2 minutes'],
    [90, '90 seconds'],
    [1, '1 second'],
  ])('say %d seconds as %s', (validSeconds, words) => {
    const link = { url: 'https://auth.example.com/', token: 't', validSeconds };
    expect(templatesWith().write('password-reset', 'ada@example.com', link).text).toContain(`expires in ${words}.`);
  });

  it.each([
    [604_800, '7 Tage'],
    [86_400, '24 Stunden'],
    [3600, '1 Stunde'],
    [5000, '1 Stunde und 23 Minuten'],
    [1, '1 Sekunde'],
  ])('say %d seconds in German as %s', (validSeconds, words) => {
    const link = { url: 'https://auth.example.com/', token: 't', validSeconds };
    const { text } = templatesWith().write('password-reset', 'ada@example.com', link, 'de-AT');
    expect(text).toContain(`noch ${words} gültig.`);
  });

  it('are in the default language for a reader whose language is not there', () => {
    for (const language of [undefined, null, 'fr', 'x'.repeat(10_000), '*'])
      expect(templatesWith().write('user-deleted', 'ada@example.com', sampleOf('user-deleted'), language).subject).toBe(
        'Your account was deleted',
      );
  });

  it('take a team’s templates of one language before those of all', () => {
    const templates = templatesWith({
      'user-deleted.subject.eta': 'Gone: <%= it.lang %>',
      'de/user-deleted.subject.eta': 'Weg: <%= it.t("mail.when") %>',
      'fonts/ours.css': 'x',
    });
    const subjectIn = (language: string) =>
      templates.write('user-deleted', 'ada@example.com', sampleOf('user-deleted'), language).subject;
    expect(subjectIn('en')).toBe('Gone: en');
    expect(subjectIn('de')).toBe('Weg: Zeitpunkt: 21. November 2026 um 09:00 UTC.');
  });

  it('name what was added in the language of the mail, and what an application added as it calls it', () => {
    const addition = { detail: '', at: '2026-11-21T09:00:00Z' };
    const additions = [
      { ...addition, kind: 'totp', what: 'an authenticator app' },
      { ...addition, kind: 'sms', what: 'a telephone' },
    ];
    const values = { url: null, token: null, validSeconds: 60, additions };
    const { text } = templatesWith().write('kept-additions', 'ada@example.com', values, 'de');
    expect(text).toContain(
      'weiterhin: eine Authenticator-App, am 21. November 2026 um 09:00 UTC; a telephone, am 21. November 2026 um 09:00 UTC.',
    );
  });

  it('say each kind of change in a sentence of its own, and never another', () => {
    const templates = templatesWith();
    const told = KINDS.flatMap((kind) => {
      const declaration = DECLARED.get(kind)!;
      return changesOf(declaration).flatMap((change) =>
        ['en', 'de'].map((language) =>
          templates.write(kind, 'ada@example.com', { ...declaration.sample, change } as never, language),
        ),
      );
    });
    expect(told.length).toBeGreaterThan(50);
    expect(new Set(told.map(({ subject, text }) => subject + text)).size).toBe(told.length);
  });

  it('of an application’s own factor say that something changed, and nothing of a change that is unknown', () => {
    const values = { ...sampleOf('factor-notice'), change: 'app_sms_added' as const };
    expect(templatesWith().write('factor-notice', 'ada@example.com', values).text).toMatch(
      /^A way to sign in was changed\./,
    );
    const unknown = { ...sampleOf('changed-by-admin'), change: 'from_a_newer_release' as never };
    expect(() => templatesWith().write('changed-by-admin', 'ada@example.com', unknown)).toThrow(TypeError);
  });

  it('show what is in a sentence as text', () => {
    const values = { ...sampleOf('admin-alert'), by: MARKUP };
    expect(templatesWith().write('admin-alert', 'ada@example.com', values).html).not.toMatch(/<script/);
  });

  it('take a team’s templates by name, part by part, and its layout', () => {
    const templates = templatesWith({
      'password-changed.subject.eta': 'Neues Passwort bei <%= it.site %>',
      'password-changed.html.eta': '<p><%= it.device %></p>',
      'layout.html.eta': '<main><%~ it.body %></main>',
      'README.md': 'ours',
    });
    const values = { at: '2026-11-21T09:00:00Z', device: MARKUP, url: null, token: null, validSeconds: 86_400 };
    const mail = templates.write('password-changed', 'ada@example.com', values);
    expect(mail.subject).toBe('Neues Passwort bei auth.example.com');
    expect(mail.html).toBe('<main><p>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</p></main>');
    expect(mail.text).toContain('21 November 2026 at 09:00 UTC');
  });

  it.each([
    [
      'a folder of a language that is not switched on',
      { 'fr/password-reset.txt.eta': 'x' },
      /contains the folder fr, which is no language of PAGES_LANGUAGES/,
    ],
    [
      'a file of one language that no mail uses',
      { 'de/reset.txt.eta': 'x' },
      /de\/reset.txt.eta, which no e-mail uses/,
    ],
    [
      'a template of one language that is broken',
      { 'de/password-reset.txt.eta': '<%= it.name %>' },
      /de\/password-reset.txt.eta, which is broken/,
    ],
    ['a file no mail uses', { 'pasword-reset.html.eta': 'x' }, /pasword-reset.html.eta, which no e-mail uses/],
    [
      'a template that does not compile',
      { 'password-reset.html.eta': '<%= it.url' },
      /password-reset.html.eta, which is broken/,
    ],
    [
      'a value it is not given',
      { 'password-reset.txt.eta': '<%= it.name %>' },
      /it.name is not given; there are: site/,
    ],
    ['a layout without its values', { 'layout.html.eta': '<%= it.content %>' }, /layout.html.eta, which is broken/],
    ['a folder that is not there', '/nowhere/at/all', /MAIL_TEMPLATES cannot be read \(ENOENT\)/],
  ])('stop the start for %s', (_what, files, problem) => {
    expect(() => templatesWith(files as string)).toThrow(problem);
  });
});
