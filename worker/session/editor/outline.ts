import { createKernelModel, type KernelModel } from '../../kernel/model.ts';
import { parseProgramText, type TextResult } from '../../program/text/parse.ts';
import { buildFor, type KernelSource } from '../kernel-source.ts';
import { semanticsOf } from '../reading.ts';

/** A text as the editor's services see it: whatever could be read of it, with the types that are there already. */
export interface Sketch {
  readonly text: TextResult;
  readonly model: KernelModel;
}

let last: { readonly source: string; readonly types: unknown; readonly sketch: Sketch } | null = null;

/** Reads a text, broken or not. The last one is remembered: completion and hover ask often. */
export function sketch(source: string, kernel: KernelSource): Sketch {
  const semantics = semanticsOf(source) as ('kf-spin-lock' | 'kf-spin-lock-before' | 'kf-forbid-fault')[];
  const types = kernel.peek(buildFor(semantics));
  if (last !== null && last.source === source && last.types === types) return last.sketch;
  const model = createKernelModel({ types, semantics });
  const made = { text: parseProgramText(source, { kernel: model }), model };
  last = { source, types, sketch: made };
  return made;
}
