import { DockerfileParser } from 'dockerfile-ast';

/** One instruction, its lines joined; `--from=…` and its like apart. */
export interface Step {
  readonly keyword: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What one FROM begins. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  readonly steps: readonly Step[];
}

/** The stages of a Dockerfile, with the default of each ARG before the first FROM filled in. */
export function stagesOf(text: string): Stage[] {
  const stages: { name: string; from: string; steps: Step[] }[] = [];
  const given: Record<string, string> = {};
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    const step = stepOf(keyword, instruction.getTextContent().slice(keyword.length));
    if (step.keyword === 'FROM') {
      const [, from, name = ''] = /^(\S+)(?: AS (\S+))?$/i.exec(expanded(step.text, given))!;
      stages.push({ name, from: from!, steps: [] });
    } else if (stages.length === 0) Object.assign(given, pairsOf(step.text));
    else stages.at(-1)!.steps.push(step);
  }
  return stages;
}

/** `$NAME` and `${NAME}` of those that are known; all others are the shell's. */
export function expanded(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced, plain) => values[braced ?? plain] ?? whole);
}

/** `NAME=value NAME="a value"`. */
export function pairsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)];
  return Object.fromEntries(pairs.map(([, name, quoted, plain]) => [name!, quoted ?? plain ?? '']));
}

/** The words of the JSON form; null for the shell's. */
export function wordsOf(text: string): string[] | null {
  return text.startsWith('[') ? JSON.parse(text) : null;
}

function stepOf(keyword: string, raw: string): Step {
  const lines = raw.split('\n').filter((line) => !/^\s*#/.test(line));
  let text = lines.map((line) => line.replace(/\s*\\\s*$/, '')).join(' ');
  const flags: Record<string, string> = {};
  for (let found = FLAG.exec(text); found; found = FLAG.exec(text)) {
    flags[found[1]!] = found[2]!;
    text = text.slice(found[0].length);
  }
  return { keyword: keyword.toUpperCase(), flags, text: text.trim() };
}

const FLAG = /^\s*--([a-z-]+)=(\S+)\s+/;
