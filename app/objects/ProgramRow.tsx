import type { ObjectProgramView, ObjectVerdict } from '../../worker/protocol/objects.ts';
import { plural, verdictWord } from '../playground/verdict-words.ts';
import { Icon } from '../ui/Icon.tsx';

/** What a row says of a program that the verifier was asked about, or is still to be. */
function wordOf(verdict: ObjectVerdict | undefined): string {
  if (verdict === undefined) return '…';
  return verdict.verdict === 'long' ? 'Takes longer' : verdictWord(verdict.verdict);
}

/** A program of an object: name, section, size, and the verdict as soon as it is known. */
export function ProgramRow({
  program,
  verdict,
}: {
  readonly program: ObjectProgramView;
  readonly verdict: ObjectVerdict | undefined;
}) {
  return (
    <>
      <strong>{program.name}</strong>
      <span className={`object-verdict verdict-${verdict?.verdict ?? 'open'}`}>
        {verdict?.verdict === 'accepted' && <Icon name="check" />}
        {verdict?.verdict === 'rejected' && <Icon name="cross" />}
        {wordOf(verdict)}
      </span>
      <span className="object-detail">
        <code>{program.section}</code>
        <span className="faint"> · {plural(program.insns, 'instruction')}</span>
      </span>
      <span className="object-message" title={verdict?.message}>
        {verdict?.message}
      </span>
    </>
  );
}
