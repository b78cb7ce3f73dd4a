import { monaco } from './monaco.ts';

/** Monaco's name for program text. */
export const LANGUAGE = 'bpf-asm';

/** Colouring of program text: instructions in LLVM's and the kernel's spelling, directives, and the C part. */
const grammar: monaco.languages.IMonarchLanguage = {
  defaultToken: '',
  control: ['if', 'goto', 'gotol', 'gotox', 'may_goto', 'call', 'callx', 'exit'],
  words: [
    'll',
    'lock',
    'be16',
    'be32',
    'be64',
    'le16',
    'le32',
    'le64',
    'bswap16',
    'bswap32',
    'bswap64',
    'addr_space_cast',
    'load_acquire',
    'store_release',
  ],
  cKeywords: [
    'struct',
    'union',
    'enum',
    'typedef',
    'extern',
    'const',
    'volatile',
    'static',
    'void',
    'char',
    'short',
    'int',
    'long',
    'signed',
    'unsigned',
    'float',
    'double',
    'bool',
    '_Bool',
    'u8',
    'u16',
    'u32',
    'u64',
    's8',
    's16',
    's32',
    's64',
    '__u8',
    '__u16',
    '__u32',
    '__u64',
    '__s8',
    '__s16',
    '__s32',
    '__s64',
    'sizeof',
  ],
  cTags: [
    'SEC',
    '__uint',
    '__type',
    '__array',
    '__ulong',
    '__ksym',
    '__weak',
    '__hidden',
    '__kptr',
    '__kptr_untrusted',
    '__percpu_kptr',
    '__uptr',
    '__contains',
    '__kf_flags',
    '__attribute__',
    '__arena',
  ],
  tokenizer: {
    root: [
      [/^\s*\.c\b/, 'directive', '@cpart'],
      { include: '@comments' },
      [/^\s*;.*$/, 'comment'],
      [
        /(^\s*\.semantics|^\s*\.license|^\s*\.prog|^\s*\.attach)(\s+)([^\s/#]\S*)/,
        ['directive', '', 'string'],
      ],
      [/^\s*\.[\w.]+/, 'directive'],
      [/^\s*[\w.$%]+:(?!:)/, 'label'],
      [/^\s*\d+:\s+\([0-9a-f]{2}\)/, 'annotation'],
      [/\b[rRwW](?:10|11|[0-9])\b|\bfp\b/, 'register'],
      [/\*?\(\s*[us](?:8|16|32|64)\s*\*\s*\)/, 'type'],
      [/\(\s*s(?:8|16|32)\s*\)/, 'type'],
      [/\b(goto|gotol|may_goto)(\s+)([\w.$]+|[+-]\d+)/, ['control', '', 'target']],
      [/\b(call)(\s+)(bpf_\w+)/, ['control', '', 'function']],
      [/\b(call)(\s+)([A-Za-z_][\w.]*)/, ['control', '', 'function']],
      [/\b(?:bpf_\w+|atomic\w*|xchg\w*|cmpxchg\w*)\b/, 'function'],
      [/-?\b0[xX][0-9a-fA-F]+\b|-?\b0b[01]+\b|-?\b\d+\b/, 'number'],
      [
        /[A-Za-z_][\w.]*/,
        { cases: { '@control': 'control', '@words': 'keyword', '@default': 'identifier' } },
      ],
      [/s>>=|s[<>]=?|s[/%]=|<<=|>>=|[-+*/%&|^=!<>]=?/, 'operator'],
      [/"[^"]*"/, 'string'],
      [/'[^']*'/, 'number'],
    ],
    cpart: [
      [/^\s*\.endc\b/, 'directive', '@pop'],
      { include: '@comments' },
      [
        /[A-Za-z_]\w*(?=\s*\()/,
        { cases: { '@cTags': 'annotation', '@cKeywords': 'keyword', '@default': 'function' } },
      ],
      [/\b(struct|union|enum)(\s+)([A-Za-z_]\w*)/, ['keyword', '', 'type']],
      [/\b(?:KF|BPF)_\w+/, 'constant'],
      [
        /[A-Za-z_]\w*/,
        { cases: { '@cTags': 'annotation', '@cKeywords': 'keyword', '@default': 'identifier' } },
      ],
      [/\b0[xX][0-9a-fA-F]+\b|\b\d+\b/, 'number'],
      [/"[^"]*"/, 'string'],
      [/[-+*/%&|^=!<>]=?/, 'operator'],
    ],
    comments: [
      [/\/\/.*$/, 'comment'],
      [/#(?!\d).*$/, 'comment'],
      [/\/\*/, 'comment', '@block'],
    ],
    block: [
      [/\*\//, 'comment', '@pop'],
      [/./, 'comment'],
    ],
  },
};

const OPENS = /^\s*(?:\.c\b|\.func\b)/;

/** The C part and each function fold. */
export function foldingRanges(lines: readonly string[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  let open = 0;
  const close = (line: number): void => {
    let end = line;
    while (end > open && lines[end - 1]!.trim() === '') end--;
    if (open > 0 && end > open) ranges.push({ start: open, end });
    open = 0;
  };
  lines.forEach((text, index) => {
    const line = index + 1;
    if (/^\s*\.endc\b/.test(text)) close(line);
    else if (OPENS.test(text) || (/^[\w.$]+:/.test(text) && open === 0)) {
      close(line - 1);
      open = line;
    }
  });
  close(lines.length);
  return ranges;
}

/** Registers the language; the worker's services come in `providers.ts`. */
export function registerLanguage(): void {
  if (monaco.languages.getLanguages().some((language) => language.id === LANGUAGE)) return;
  monaco.languages.register({ id: LANGUAGE });
  monaco.languages.setMonarchTokensProvider(LANGUAGE, grammar);
  monaco.languages.setLanguageConfiguration(LANGUAGE, {
    comments: { lineComment: '//', blockComment: ['/*', '*/'] },
    brackets: [
      ['(', ')'],
      ['{', '}'],
      ['[', ']'],
    ],
    autoClosingPairs: [
      { open: '(', close: ')' },
      { open: '{', close: '}' },
      { open: '[', close: ']' },
      { open: '"', close: '"' },
    ],
    wordPattern: /\.?[A-Za-z_][\w.]*|\d\w*/,
    onEnterRules: [
      {
        beforeText: /^\s*[\w.$]+:\s*$/,
        action: { indentAction: monaco.languages.IndentAction.None, appendText: '\t' },
      },
    ],
  });
  monaco.languages.registerFoldingRangeProvider(LANGUAGE, {
    provideFoldingRanges: (model) => foldingRanges(model.getLinesContent()),
  });
}
