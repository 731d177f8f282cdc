import type { AnyOptionSection } from '../../src/config/option-section.js';
import { environmentName } from '../../src/config/option-section.js';

/** The README's table of every option, straight from what the features declare. */
export function configurationTable(sections: readonly AnyOptionSection[]): string {
  const rows = sections
    .filter(({ specs }) => Object.keys(specs).length > 0)
    .flatMap(({ title, specs }) => [
      `| **${title}** | | | |`,
      ...Object.entries(specs).map(([name, spec]) => {
        const { shape, description } = spec;
        return `| \`${environmentName(name)}\` | ${cell(shape)} | ${shown(spec.default)} | ${cell(description)} |`;
      }),
    ]);
  return ['| variable | values | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

function shown(value: unknown): string {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
