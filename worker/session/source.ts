import { splitText } from '../program/text/split.ts';
import type { SourceFile, SourceLine, SourceQueries } from '../protocol/source.ts';
import type { Run } from './run.ts';
import type { RunAccess } from './run-access.ts';

function filesOf(run: Run): SourceFile[] {
  const { cSources } = splitText(run.request.source);
  const files = new Map<string, Map<number, { line: number; text: string; insns: number[] }>>();
  for (const { index, span } of run.result.insns) {
    const source = span === null ? undefined : cSources.get(span.line);
    if (source === undefined) continue;
    const name = source.file ?? '';
    const lines = files.get(name) ?? new Map<number, { line: number; text: string; insns: number[] }>();
    files.set(name, lines);
    const line = lines.get(source.line) ?? { line: source.line, text: source.text, insns: [] };
    lines.set(source.line, line);
    line.insns.push(index);
  }
  const byLine = (a: SourceLine, b: SourceLine): number => a.line - b.line;
  return [...files].map(([name, lines]) => ({ name, lines: [...lines.values()].sort(byLine) }));
}

/** The C source behind the assembly. */
export function sourceQueries({ runOf }: RunAccess): SourceQueries {
  return { sourceFiles: async (id) => filesOf(runOf(id)) };
}
