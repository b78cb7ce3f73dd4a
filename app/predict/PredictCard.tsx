import { useStore } from 'zustand';
import { usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { predict } from './predict.ts';
import type { Subject } from './questions.ts';
import { useVerdictHidden } from './use-predict.ts';
import { useQuestionFocus } from './use-question-focus.ts';

const REGISTERS: readonly Subject[] = ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9'];

/** Over the walk while predict mode is on: the question, what came of the last one, the score. */
export function PredictCard() {
  const playground = usePlayground();
  const { on, pending, reply, score, subject } = useStore(predict.store);
  const hidden = useVerdictHidden();
  const first = useQuestionFocus(pending);
  if (!on) return null;
  return (
    <section className="predict" aria-label="Predict">
      <div className="predict-head">
        <strong>Predict</strong>
        <span className="faint">
          {score.right} of {score.asked} right
          {score.streak > 1 && `, ${score.streak} in a row`}
        </span>
        <label>
          about{' '}
          <select value={subject} onChange={(event) => predict.ask(event.currentTarget.value as Subject)}>
            <option value="changed">what changes</option>
            {REGISTERS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <Button icon="restart" title="Set the score back" onClick={predict.forget} />
        <Button icon="cross" title="Leave predict mode (Alt+G)" onClick={predict.toggle} />
      </div>
      {hidden ? (
        <p>Will the verifier accept this program? Say so above; then the walk is shown.</p>
      ) : pending === null ? (
        <p role="status" className={reply === null ? '' : reply.right ? 'right' : 'wrong'}>
          {reply?.words ?? 'Press Step: you will be asked first.'}
        </p>
      ) : (
        <>
          <p id="predict-ask">{pending.question.ask}</p>
          <ol aria-labelledby="predict-ask" data-gives-back="">
            {pending.question.options.map((option, i) => (
              <li key={option}>
                <button
                  ref={i === 0 ? first : undefined}
                  type="button"
                  onClick={() => predict.answer(playground, i)}
                >
                  <kbd aria-hidden="true">{i + 1}</kbd>
                  <span>{option}</span>
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
