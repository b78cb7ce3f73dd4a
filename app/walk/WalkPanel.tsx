import type { HeldView, StepView } from '../../worker/protocol.ts';
import { LANE_LETTERS } from '../editor/lanes.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { PredictCard } from '../predict/PredictCard.tsx';
import { useApp, usePlayground } from '../shell/context.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { StateView } from './StateView.tsx';
import { WalkControls } from './WalkControls.tsx';

const END_WORDS: Readonly<Record<NonNullable<StepView['end']>, string>> = {
  exit: 'path ends: program exits',
  pruned: 'path ends: pruned, a state that covers this one was proven safe before',
  rejected: 'the verifier rejects here',
  dead: 'path ends: this branch can not be taken',
};

function Instruction({ step }: { readonly step: StepView }) {
  const insn = useApp((state) => state.run?.result.insns.find((row) => row.index === step.insn));
  return (
    <div className="walk-insn">
      <span className="walk-insn-index" title={`Instruction ${step.insn}`}>
        {step.insn}
      </span>
      <code>{insn?.kernel ?? ''}</code>
      {step.speculative && <span className="tag warn">speculative</span>}
      {step.end !== null && (
        <span className={`tag ${step.end === 'rejected' ? 'bad' : 'plain'}`}>{END_WORDS[step.end]}</span>
      )}
    </div>
  );
}

function Changes({ step }: { readonly step: StepView }) {
  const registers = step.frames
    .flatMap((frame) => [...frame.regs, ...frame.stack])
    .filter((row) => row.changed);
  if (registers.length === 0 && step.changes.length === 0) return null;
  return (
    <section className="walk-changes" aria-label="What the step before changed">
      <h3>What changed</h3>
      {step.changes.length > 0 && (
        <ul className="walk-change-words">
          {step.changes.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

const HELD_WORDS: Readonly<Record<HeldView['kind'], string>> = {
  ref: 'Reference',
  lock: 'Lock',
  irq: 'Interrupts off',
  rcu: 'RCU read lock',
  preempt: 'Preemption off',
  nofault: 'Nofault region',
};

/** A held thing in words; its label alone where that says the kind already. */
function heldWords({ kind, label }: HeldView): string {
  const word = HELD_WORDS[kind];
  return label.toLowerCase().startsWith(word.toLowerCase()) ? '' : word;
}

function Held({ held }: { readonly held: readonly HeldView[] }) {
  const playground = usePlayground();
  return (
    <section className="walk-held" aria-label="Held here">
      <h3>Held here</h3>
      {held.length === 0 ? (
        <p className="faint">Nothing: no lock, no reference, no region.</p>
      ) : (
        <ul>
          {held.map((row) => (
            <li key={`${row.kind} ${row.id} ${row.label}`} className={`held lane-${row.kind}`}>
              <span className="lane-letter" aria-hidden="true">
                {LANE_LETTERS[row.kind]}
              </span>
              <span className="held-what">
                {heldWords(row)}
                {row.label !== '' && (
                  <>
                    {' '}
                    <code>{row.label}</code>
                  </>
                )}
              </span>
              {row.sinceStep >= 0 ? (
                <button
                  type="button"
                  className="step-link"
                  onClick={() => playground.move({ to: 'step', step: row.sinceStep })}
                >
                  since step {count(row.sinceStep + 1)}, instruction {row.sinceInsn}
                </button>
              ) : (
                row.sinceInsn >= 0 && <span className="faint">since instruction {row.sinceInsn}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The walk: where the verifier stands, what it knows there, and how it came to know it. */
export function WalkPanel() {
  const step = useApp((state) => state.step);
  const run = useApp((state) => state.run);
  const outdated = useApp((state) => state.latest?.result.verdict === 'bad-input' && state.run !== null);
  const total = run?.result.stats.steps ?? 0;
  return (
    <div className="walk">
      <h2 className="visually-hidden">Walk</h2>
      <PredictCard />
      <WalkControls />
      {step === null || total === 0 ? (
        <div tabIndex={-1} data-pane="walk">
          <Nothing>There is nothing to step through.</Nothing>
        </div>
      ) : (
        <div className="walk-body" tabIndex={0} role="group" aria-label="What is known at this step">
          {outdated && (
            <p className="outdated">
              The text is not a program just now; this is the walk of the last one that was.
            </p>
          )}
          <Instruction step={step} />
          <Changes step={step} />
          <Held held={step.held} />
          <StateView step={step} />
          <p className="faint walk-foot">
            {plural(total, 'step')} on {plural(run?.result.stats.paths ?? 0, 'path')}
          </p>
        </div>
      )}
    </div>
  );
}
