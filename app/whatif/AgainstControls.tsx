import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { About } from '../../worker/protocol.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { againstInWords, LOAD_FLAGS, RELEASED, requestAgainst, type Against } from './against.ts';
import { against } from './store.ts';

/** Chooses what the program as set is compared with. */
export function AgainstControls({ about }: { readonly about: About }) {
  const playground = usePlayground();
  const chosen = useStore(against);
  const source = useApp((state) => state.doc.source);
  useEffect(() => {
    playground.compareWith((doc) => requestAgainst(doc, chosen));
  }, [playground, chosen]);
  const set = (part: Partial<Against>): void => against.setState(part);
  const titles = new Map(about.semantics.map(({ id, title }) => [id, title]));
  const changed =
    againstInWords(chosen, about.kernel, titles) !== againstInWords(RELEASED, about.kernel, titles);
  return (
    <details className="against">
      <summary>
        Compared with: <strong>{againstInWords(chosen, about.kernel, titles)}</strong>
      </summary>
      <div className="against-body">
        <label>
          Rules
          <select value={chosen.rules} onChange={(event) => set({ rules: event.target.value })}>
            <option value="released">Linux {about.kernel} as released</option>
            <option value="same">as set here</option>
            {about.semantics.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          Privileges
          <select
            value={chosen.privileges}
            onChange={(event) => set({ privileges: event.target.value as Against['privileges'] })}
          >
            <option value="text">as the program says</option>
            <option value="yes">all</option>
            <option value="no">none</option>
          </select>
        </label>
        <fieldset>
          <legend>Load flags beside the program’s</legend>
          {LOAD_FLAGS.map(({ name, words }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={chosen.flags.includes(name)}
                onChange={(event) =>
                  set({
                    flags: event.target.checked
                      ? [...chosen.flags, name]
                      : chosen.flags.filter((flag) => flag !== name),
                  })
                }
              />{' '}
              {words} <code>{name}</code>
            </label>
          ))}
        </fieldset>
        <div className="against-copy">
          {chosen.copy === null ? (
            <button type="button" className="button plain" onClick={() => set({ copy: source })}>
              Keep this text as a copy to compare with
            </button>
          ) : (
            <>
              <span>
                {chosen.copy === source
                  ? 'The copy is the text as it stands: edit the program now.'
                  : 'Compared with the copy that was kept.'}
              </span>
              <button type="button" className="step-link" onClick={() => set({ copy: null })}>
                drop the copy
              </button>
            </>
          )}
        </div>
        {changed && (
          <button type="button" className="step-link" onClick={() => against.setState(RELEASED)}>
            compare with Linux {about.kernel} as released again
          </button>
        )}
      </div>
    </details>
  );
}
