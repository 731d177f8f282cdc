import { Injectable } from '@nestjs/common';
import type { TemplateFunction } from 'eta';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { escapeHtml } from '../../kernel/escape-html.js';
import { TemplateEngine } from '../../kernel/template-engine.js';
import { Catalogue } from '../../languages/catalogue.js';
import { mailOptions } from '../mail-options.js';
import type { Mail } from '../mailer.js';
import { changeKey, changesOf, DeclaredMails, mailWordKey } from './mail-declaration.js';
import { MailTemplates } from './mail-templates.js';
import { readable } from './readable-values.js';
import { readTemplates, templateProblem } from './template-folder.js';
import type { TemplatePart } from './template-sources.js';
import type { TemplateKind, TemplateValues } from './template-values.js';

const plain = new TemplateEngine({ autoEscape: false });
const html = new TemplateEngine({ autoEscape: true, escapeFunction: (value) => escapeHtml(String(value)) });

/** Built-in templates that were tried in the words of a catalogue: applications of one process share both. */
const tried = new WeakMap<DeclaredMails, WeakSet<Catalogue>>();

/**
 * Mails out of eta templates: the built-in ones, or those of `MAIL_TEMPLATES`. All are tried at the start, in every language; the built-in
 * ones once a process.
 */
@Injectable()
export class EtaMailTemplates extends MailTemplates {
  private readonly templates = new Map<string, TemplateFunction>();
  private readonly common: { readonly site: string; readonly publicUrl: string };

  /** @throws ConfigurationError naming a template that cannot be used, and why */
  constructor(
    private readonly declared: DeclaredMails,
    private readonly catalogue: Catalogue,
    options: Options,
  ) {
    super();
    const { publicUrl } = options.of(coreOptions);
    this.common = { site: new URL(publicUrl).hostname, publicUrl };
    const { languages } = catalogue;
    const folder = options.of(mailOptions).mailTemplates;
    for (const [name, source] of readTemplates(declared, { folder, languages })) this.compile(name, source);
    if (!folder && tried.get(declared)?.has(catalogue)) return;
    for (const language of languages) this.tryAll(language);
    if (!folder) tried.set(declared, (tried.get(declared) ?? new WeakSet()).add(catalogue));
  }

  write<K extends TemplateKind>(kind: K, to: string, values: TemplateValues[K], wanted?: string | null): Mail {
    const language = (wanted && this.catalogue.match(wanted)) || this.catalogue.defaultLanguage;
    const given = this.valuesOf(kind, to, values, language);
    const render = (part: TemplatePart) => this.render(`${kind}.${part}`, given, language);
    const subject = render('subject').trim();
    const layout = { ...given, subject, body: render('html') };
    return { to, subject, text: `${render('txt').trim()}\n`, html: this.render('layout.html', layout, language) };
  }

  private tryAll(language: string): void {
    for (const [kind, declaration] of this.declared) {
      const changes = changesOf(declaration).map((change) => ({ ...declaration.sample, change }));
      for (const values of [declaration.sample, ...changes])
        this.write(kind, 'ada@example.com', values as never, language);
    }
  }

  /** The values for its templates: readable ones, and `t`, the words of the language with these values in them. */
  private valuesOf(kind: TemplateKind, to: string, values: object, language: string) {
    const { catalogue, common } = this;
    const declaration = this.declared.get(kind);
    if (!declaration) throw new TypeError(`no feature declares the e-mail ${kind}`);
    const seen: Record<string, unknown> = { ...common, to, ...readable(values, language, catalogue) };
    const t = (key: string, more?: object) => catalogue.text(language, key, { ...seen, ...more });
    Object.assign(
      seen,
      declaration.describe?.({ ...values, ...seen }, (word, more) => t(mailWordKey(kind, word), more)),
    );
    if (changesOf(declaration).length > 0) seen.what = t(this.sentenceKey(kind, seen.change));
    return { ...seen, t, lang: language, dir: catalogue.direction(language) };
  }

  /** @throws TypeError for a kind of change that no feature has declared, perhaps of a newer node */
  private sentenceKey(kind: TemplateKind, change: unknown): string {
    const changes = changesOf(this.declared.get(kind)!);
    const known = changes.includes(String(change)) ? String(change) : 'other';
    if (!changes.includes(known)) throw new TypeError(`${kind} has no sentence for ${String(change)}`);
    return changeKey(kind, known);
  }

  private compile(name: string, source: string): void {
    try {
      this.templates.set(name, engineOf(name).compile(source));
    } catch (error) {
      throw broken(name, error);
    }
  }

  private render(name: string, values: Readonly<Record<string, unknown>>, language: string): string {
    const own = `${language}/${name}`;
    const found = this.templates.has(own) ? own : name;
    try {
      return engineOf(name).render(this.templates.get(found)!, only(values));
    } catch (error) {
      throw broken(found, error);
    }
  }
}

function engineOf(name: string): TemplateEngine {
  return name.endsWith('.html') ? html : plain;
}

/** A misspelt value is an error, rather than the word `undefined` in a mail. */
function only(values: Readonly<Record<string, unknown>>): object {
  return new Proxy(values, {
    get: (target, name) => {
      if (typeof name === 'string' && !(name in target)) {
        throw new TypeError(`it.${name} is not given; there are: ${Object.keys(target).join(', ')}`);
      }
      return Reflect.get(target, name);
    },
  });
}

function broken(name: string, error: unknown): Error {
  return templateProblem(
    `contains ${name}.eta, which is broken: ${(error as Error).message}`,
    'correct that template, or remove it',
  );
}
