/**
 * Takes docs/SEMANTICS.md apart: a rule is a section with a title of the second rank, an example a
 * fenced block ```example NAME in it. Reads nothing into either.
 */

export interface Block {
  readonly name: string;
  /** Of the fence, counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface Section {
  readonly title: string;
  /** Everything but the examples. */
  readonly words: readonly string[];
  readonly examples: readonly Block[];
}

const FENCE = /^```(.*)$/;
const EXAMPLE = /^example ([a-z][a-z0-9-]*)$/;

/** Throws where a block is none of ours: it would look like a tested one. */
export function sectionsOf(markdown: string): readonly Section[] {
  const sections: (Section & { readonly words: string[]; readonly examples: Block[] })[] = [];
  let open: { readonly name: string; readonly line: number; readonly lines: string[] } | null =
    null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = FENCE.exec(line)?.[1];
    if (open !== null && fence === '') {
      const { name, lines } = open;
      const section = sections.at(-1);
      if (section === undefined) throw new Error(`line ${open.line}: an example before any rule`);
      section.examples.push({ name, line: open.line, text: lines.join('\n') });
      open = null;
    } else if (open !== null) {
      open.lines.push(line);
    } else if (fence !== undefined) {
      const name = EXAMPLE.exec(fence)?.[1];
      if (name === undefined) {
        throw new Error(`line ${index + 1}: \`\`\`${fence}; want \`\`\`example a-name`);
      }
      open = { name, line: index + 1, lines: [] };
    } else if (line.startsWith('## ')) {
      sections.push({ title: line.slice(3), words: [], examples: [] });
    } else {
      sections.at(-1)?.words.push(line);
    }
  }
  if (open !== null) throw new Error(`line ${open.line}: the example has no end`);
  return sections;
}
