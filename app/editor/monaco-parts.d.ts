/** Registered by Monaco's main entry only; its feature folders leave it out. */
declare module 'monaco-editor/editor/contrib/suggest/browser/suggestController';
