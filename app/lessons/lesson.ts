import { parseCheck } from './checks.ts';
import type { Check } from './checks.ts';

/** A lesson's row in `lessons/index.json`; the order of the rows is the order of the lessons. */
export interface LessonRow {
  /** Part of addresses (`#lesson=id`) and of what is kept on devices: never changes. */
  readonly id: string;
  readonly title: string;
  /** What it teaches, in one sentence. */
  readonly sentence: string;
  readonly group: string;
}

/** A program of a lesson and what the verifier says of it. */
export interface Stated {
  readonly source: string;
  readonly verdict: 'accepted' | 'rejected';
  /** The rule that rejects it, null if accepted. */
  readonly rule: string | null;
  /** Number of the check (from 1) that a wrong answer does not pass, though others may; null: not stated. */
  readonly fails: number | null;
}

/** A question beside the program. */
export interface Quiz {
  readonly question: string;
  readonly options: readonly { readonly text: string; readonly right: boolean; readonly reply: string }[];
}

/** A lesson's text and programs: one Markdown file. */
export interface Lesson {
  readonly title: string;
  readonly text: string;
  readonly task: string;
  readonly hints: readonly string[];
  /** What to read once it is solved. */
  readonly after: string;
  readonly start: Stated;
  readonly solution: Stated;
  readonly wrong: readonly Stated[];
  readonly checks: readonly Check[];
  readonly quiz: Quiz | null;
}

interface Block {
  readonly info: string;
  readonly body: string;
}

/** The language of the blocks that are taken out of the text. */
const DATA = /^(?:bpf|check|quiz)\b/;

/** Splits a lesson's file into sections by heading, without the blocks that are data. */
function split(file: string): { sections: [string, string][]; blocks: Block[] } {
  const sections: [string, string][] = [];
  const blocks: Block[] = [];
  let fence: { info: string; lines: string[] } | null = null;
  let lines: string[] = [];
  for (const line of file.split('\n')) {
    if (fence !== null) {
      if (line !== '```') fence.lines.push(line);
      else {
        const body = fence.lines.join('\n');
        if (DATA.test(fence.info)) blocks.push({ info: fence.info, body });
        else lines.push(`\`\`\`${fence.info}`, body, '```');
        fence = null;
      }
      continue;
    }
    const heading = /^##? (.+)$/.exec(line)?.[1];
    if (line.startsWith('```')) fence = { info: line.slice(3), lines: [] };
    else if (heading === undefined) lines.push(line);
    else {
      sections.push([heading, '']);
      lines = [];
    }
    if (sections.length > 0) sections.at(-1)![1] = lines.join('\n').trim();
  }
  if (fence !== null) throw new Error('a block is not closed');
  return { sections: sections.map(([name, text]) => [name, text.trim()]), blocks };
}

const STATED = /^bpf (start|solution|wrong) (?:(accepted)|rejected (\S+))(?: fails=(\d+))?$/;

function parseQuiz(body: string): Quiz {
  const [question = '', ...rows] = body.split('\n').filter((line) => line.trim() !== '');
  const options = rows.map((row) => {
    const match = /^([+-]) (.+?) :: (.+)$/.exec(row);
    if (match === null) throw new Error(`no option of a quiz: ${row}`);
    return { text: match[2]!, right: match[1] === '+', reply: match[3]! };
  });
  return { question, options };
}

/** Reads a lesson's file. Throws where it is not one; the tests read all. */
export function parseLesson(file: string): Lesson {
  const { sections, blocks } = split(file);
  const first = sections[0];
  if (first === undefined) throw new Error('a lesson without a title');
  const texts = (name: string): string[] =>
    sections.slice(1).flatMap(([heading, text]) => (heading === name ? [text] : []));
  const programs = new Map<string, Stated[]>();
  for (const { info, body } of blocks) {
    if (!info.startsWith('bpf')) continue;
    const match = STATED.exec(info);
    if (match === null) throw new Error(`what verdict? ${info}`);
    const [, role, accepted, rule, fails] = match;
    const stated: Stated = {
      source: `${body}\n`,
      verdict: accepted === undefined ? 'rejected' : 'accepted',
      rule: rule ?? null,
      fails: fails === undefined ? null : Number(fails),
    };
    programs.set(role!, [...(programs.get(role!) ?? []), stated]);
  }
  const one = <T>(what: string, found: readonly T[] | undefined): T => {
    if (found?.length !== 1) throw new Error(`one ${what} is needed, here are ${found?.length ?? 0}`);
    return found[0]!;
  };
  const quizzes = blocks.filter(({ info }) => info === 'quiz');
  const lines = one(
    'check block',
    blocks.filter(({ info }) => info === 'check'),
  ).body.split('\n');
  return {
    title: first[0],
    text: first[1],
    task: one('task', texts('Task')),
    hints: texts('Hint'),
    after: one('section “Solved”', texts('Solved')),
    start: one('start program', programs.get('start')),
    solution: one('solution', programs.get('solution')),
    wrong: programs.get('wrong') ?? [],
    checks: lines.filter((line) => line.trim() !== '').map(parseCheck),
    quiz: quizzes.length === 0 ? null : parseQuiz(one('quiz', quizzes).body),
  };
}
