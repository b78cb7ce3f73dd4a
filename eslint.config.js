import path from 'node:path';
import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

/** The worker's layers: each may import only from itself and from its left. */
const LAYERS = [
  'failure',
  'isa',
  'domain',
  'btf',
  'kernel',
  'program',
  'object',
  'asm',
  'cfg',
  'state',
  'precision',
  'memory',
  'context',
  'calls',
  'log',
  'engine',
  'trace',
  'diagnose',
  'explain',
  'session',
  'cli',
];

/** Borders that may be crossed to the right: `from` and `to` are path prefixes; `types` allows `import type` only. */
const CROSSINGS = [
  // The program text is put together from what the assembler reads.
  { from: 'worker/program/text', to: 'worker/asm', types: false },
  // States carry facts about the code only as types.
  { from: 'worker/cfg', to: 'worker/state', types: true },
];

const root = import.meta.dirname;

/** `worker/asm/lexer.ts` for an absolute path inside the project. */
const inside = (file) => path.relative(root, file).split(path.sep).join('/');

function layerOf(file) {
  const match = /^worker\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(file);
  if (match === null) return -1;
  const layer = LAYERS.indexOf(match[1]);
  return match[1] === 'index' ? LAYERS.length : layer;
}

/** Why `file` may not import `target`, or null if it may. */
function refusal(file, target, typesOnly) {
  // A test may build its scene from any layer; the page's tests may ask the verifier itself.
  if (file.endsWith('.test.ts') && !(file.startsWith('worker/') && target.startsWith('app/'))) return null;
  if (
    file.startsWith('app/') &&
    target.startsWith('worker/') &&
    target !== 'worker/protocol.ts' &&
    !target.startsWith('worker/protocol/') &&
    !target.startsWith('worker/index.ts')
  )
    return 'app/ may import only worker/protocol.ts and worker/protocol/ from the worker';
  if (file.startsWith('worker/') && /^(app|e2e|scripts)\//.test(target))
    return `worker/ may not import ${target.split('/')[0]}/`;
  if (file.startsWith('worker/') && /^worker\/protocol(\.ts$|\/)/.test(target) && !typesOnly)
    return 'worker/protocol.ts is a contract of types';
  const [from, to] = [layerOf(file), layerOf(target)];
  if (from < 0 || to < 0 || to <= from) return null;
  const crossing = CROSSINGS.find((c) => file.startsWith(c.from) && target.startsWith(c.to));
  if (crossing !== undefined && (typesOnly || !crossing.types)) return null;
  return `${LAYERS[from]}/ may not import ${LAYERS[to] ?? 'index'}/: it lies to its right`;
}

const direction = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = inside(context.filename);
    const check = (node) => {
      if (node.source === null || typeof node.source.value !== 'string' || !node.source.value.startsWith('.'))
        return;
      const target = inside(path.resolve(path.dirname(context.filename), node.source.value));
      const kind = node.importKind ?? node.exportKind;
      const message = refusal(file, target, kind === 'type');
      if (message !== null) context.report({ node: node.source, message });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

const CONFIGS = ['**/*.config.{js,ts}'];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      '.cache/',
      'test-results/',
      'playwright-report/',
      '**/generated/**',
      'public/',
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    plugins: { layers: { rules: { direction } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'layers/direction': 'error',
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Indices into arrays are checked by the code around them; a non-null assertion says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: ['error', 'always'],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use numeric constants or a union of strings.' },
      ],
    },
  },
  {
    files: ['app/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text is never interpreted as HTML.' },
        { property: 'outerHTML', message: 'Text is never interpreted as HTML.' },
        { property: 'insertAdjacentHTML', message: 'Text is never interpreted as HTML.' },
        { property: 'dangerouslySetInnerHTML', message: 'Text is never interpreted as HTML.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use numeric constants or a union of strings.' },
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text is never interpreted as HTML.',
        },
      ],
    },
  },
  { files: CONFIGS, rules: { 'no-restricted-exports': 'off' } },
);
