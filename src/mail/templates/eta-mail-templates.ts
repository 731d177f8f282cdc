import { Injectable } from '@nestjs/common';
import { Eta, type TemplateFunction } from 'eta';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { escapeHtml } from '../../kernel/escape-html.js';
import { mailOptions } from '../mail-options.js';
import type { Mail } from '../mailer.js';
import { DeclaredMails } from './mail-declaration.js';
import { MailTemplates } from './mail-templates.js';
import { readable } from './readable-values.js';
import { readTemplates, templateProblem } from './template-folder.js';
import { TEMPLATE_PARTS, type TemplatePart } from './template-sources.js';
import type { TemplateKind, TemplateValues } from './template-values.js';

const plain = new Eta({ autoEscape: false, autoTrim: false });
const html = new Eta({ autoEscape: true, autoTrim: false, escapeFunction: (value) => escapeHtml(String(value)) });

/** Mails out of eta templates: the built-in ones, or those of `MAIL_TEMPLATES`. All are tried at the start. */
@Injectable()
export class EtaMailTemplates extends MailTemplates {
  private readonly templates = new Map<string, TemplateFunction>();
  private readonly common: { readonly site: string; readonly publicUrl: string };

  /** @throws ConfigurationError naming a template that cannot be used, and why */
  constructor(
    private readonly declared: DeclaredMails,
    options: Options,
  ) {
    super();
    const { publicUrl } = options.of(coreOptions);
    this.common = { site: new URL(publicUrl).hostname, publicUrl };
    const { layout, templates } = readTemplates(declared, options.of(mailOptions).mailTemplates);
    this.compile('layout.html', layout);
    for (const [kind, sources] of templates) {
      for (const part of TEMPLATE_PARTS) this.compile(`${kind}.${part}`, sources[part]);
      const { sample, sentences = {} } = declared.get(kind)!;
      for (const [change, sentence] of Object.entries(sentences)) this.compile(`${kind}.${change}`, sentence);
      const samples = Object.keys(sentences).map((change) => ({ ...sample, change }));
      for (const values of [sample, ...samples]) this.write(kind, 'ada@example.com', values as never);
    }
  }

  write<K extends TemplateKind>(kind: K, to: string, values: TemplateValues[K]): Mail {
    const facts = { ...this.common, to, ...readable(values) };
    const what = this.sentence(kind, facts);
    const given = what === null ? facts : { ...facts, what };
    const render = (part: TemplatePart) => this.render(`${kind}.${part}`, given);
    const subject = render('subject').trim();
    const layout = { ...given, subject, body: render('html') };
    return { to, subject, text: render('txt'), html: this.render('layout.html', layout) };
  }

  /** Null for a mail that tells of one kind of change. @throws TypeError for a kind that no feature has declared, perhaps of a newer node */
  private sentence(kind: TemplateKind, facts: Readonly<Record<string, unknown>>): string | null {
    const { sentences } = this.declared.get(kind)!;
    if (!sentences) return null;
    const change = String(facts.change);
    const known = Object.hasOwn(sentences, change) ? change : 'other';
    if (!Object.hasOwn(sentences, known)) throw new TypeError(`${kind} has no sentence for ${change}`);
    return this.render(`${kind}.${known}`, facts);
  }

  private compile(name: string, source: string): void {
    try {
      this.templates.set(name, engineOf(name).compile(source));
    } catch (error) {
      throw broken(name, error);
    }
  }

  private render(name: string, values: Readonly<Record<string, unknown>>): string {
    try {
      return engineOf(name).render(this.templates.get(name)!, only(values));
    } catch (error) {
      throw broken(name, error);
    }
  }
}

function engineOf(name: string): Eta {
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
