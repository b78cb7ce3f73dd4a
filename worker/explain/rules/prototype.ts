import type { RuleNotes } from './note.ts';

/** Prototypes of functions. */
export const PROTOTYPE_NOTES: RuleNotes = {
  globalNeedsBtf: [
    'A global function without a type',
    'Global functions are verified on their own, from their prototype. This one has none.',
    'Without it nothing is known of the arguments.',
  ],
  staticWithoutBtf: [
    'A function without a type',
    'The function has no BTF; it is taken as static and walked where it is called.',
    'Without it nothing is known of the arguments.',
  ],
  notFunc: [
    'The function’s type is none',
    'The row of func_info does not name a function.',
    'The prototype is what a global function is verified by.',
  ],
  invalidType: [
    'The function’s type is broken',
    'The function’s BTF has no prototype.',
    'The prototype is what a global function is verified by.',
  ],
  tooManyParams: [
    'Too many parameters',
    'Functions may have at most twelve parameters.',
    'Five travel in registers, the others on the stack.',
  ],
  globalStackArgs: [
    'A global function with more than five parameters',
    'Only static functions may take arguments on the stack.',
    'Global functions are verified apart from their callers, which prepare that stack.',
  ],
  globalReturn: [
    'A global function that returns a pointer',
    'Global functions return nothing or a number (or an arena pointer).',
    'Callers know of it only what its prototype says; nobody could tell what such a pointer points to. A static function may return pointers.',
  ],
  staticReturn: [
    'A return type that is not understood',
    'The prototype returns something other than a number, so the function is taken for what its instructions do.',
    'Only numbers can be promised by a prototype.',
  ],
  staticTag: [
    'Argument tags on a static function',
    'Tags like __arg_nonnull are for global functions.',
    'Static functions are walked with the arguments they are really called with.',
  ],
  unknownTag: [
    'An unknown argument tag',
    'The kernel knows __arg_ctx, __arg_nonnull, __arg_nullable, __arg_trusted, __arg_untrusted and __arg_arena.',
    'A tag that is not understood may promise something that is then not checked.',
  ],
  multipleTypeTags: [
    'Several type tags on one argument',
    'A pointer may carry one type tag here.',
    'Their combination has no meaning.',
  ],
  tagCombination: [
    'Argument tags that contradict each other',
    'These tags cannot stand together on one argument.',
    'They promise different kinds of pointer.',
  ],
  untrustedCombination: [
    '__arg_untrusted with another tag',
    'An untrusted pointer can be nothing else at once.',
    'It may point anywhere; other tags promise that it does not.',
  ],
  arenaCombination: [
    '__arg_arena with another tag',
    'An arena pointer can be nothing else at once.',
    'It is a number relative to the arena.',
  ],
  unnamed: [
    'A pointer to a struct without a name',
    'A trusted argument must point to a struct of the kernel, which is found by its name.',
    'There is nothing to compare with.',
  ],
  noMatch: [
    'The kernel has no such struct',
    'A trusted argument must point to a struct of the kernel; there is none with this name.',
    'Callers pass pointers of the kernel’s type.',
  ],
  ambiguous: [
    'Several structs of the kernel have this name',
    'A trusted argument must point to a struct of the kernel, which is found by its name; here there is more than one.',
    'Callers pass pointers of one of them, and nobody can say of which.',
    ['prototype.noMatch'],
  ],
  moduleType: [
    'The struct belongs to a module',
    'A trusted argument must point to a struct of the kernel itself; this one is found among the types of a module only.',
    'Which module that is can change from one load to the next.',
    ['prototype.noMatch', 'prototype.ambiguous'],
  ],
  untrustedType: [
    'An untrusted pointer to something else',
    '__arg_untrusted is for pointers to structs of the kernel or to plain numbers.',
    'Reads through it are checked against that type.',
  ],
  unknownSize: [
    'A pointer to something without a size',
    'The size of what the argument points to must be known.',
    'Accesses inside the function, and what callers pass, are checked against it.',
  ],
  tagOnNonPointer: [
    'A pointer tag on a number',
    'The argument is no pointer.',
    'The tag says something about what is pointed to.',
  ],
  unsupported: [
    'A parameter of a type that global functions cannot take',
    'Parameters of global functions are numbers, the ctx, and pointers to memory of known size.',
    'Callers and function are verified apart; only these can be described by a prototype.',
  ],
  staticUnsupported: [
    'A parameter whose type is not understood',
    'The prototype is ignored; the function is walked with the arguments it is called with.',
    'Only numbers and pointers can be described.',
  ],
  ctxUnnamed: [
    'The ctx argument’s type has no name',
    'The type of a ctx argument is recognised by its name.',
    'It is compared with the program type’s own.',
  ],
  ctxVoid: [
    'The ctx argument should be void *',
    'For this program type the ctx has no struct: write void *.',
    'It is compared with the program type’s own.',
  ],
  ctxStruct: [
    'The ctx argument has the wrong struct',
    'The ctx of this program type is another struct.',
    'Accesses inside the function would be checked as if it were another one.',
  ],
};
