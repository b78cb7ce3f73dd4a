import { useEffect, useState } from 'react';
import type { About, KfuncView } from '../../worker/protocol.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { AgainstControls } from './AgainstControls.tsx';
import { ComparisonView } from './ComparisonView.tsx';
import { FLAG_WORDS, USUAL_FLAGS } from './flag-words.ts';

function Switches({ about }: { readonly about: About }) {
  const playground = usePlayground();
  const inForce = useApp((state) => state.doc.semantics ?? state.run?.result.textSemantics);
  const fromText = useApp((state) => state.run?.result.textSemantics);
  return (
    <section aria-label="Semantics">
      <h3>Semantics</h3>
      <ul className="switches">
        {about.semantics.map(({ id, title, sentence }) => {
          const on = inForce?.includes(id) ?? false;
          return (
            <li key={id}>
              <label>
                <input
                  type="checkbox"
                  role="switch"
                  checked={on}
                  onChange={() => playground.toggleSemantics(id)}
                />
                <span className="switch-text">
                  <span className="switch-title">
                    {title} <code>{id}</code>
                  </span>
                  <span className="switch-sentence">{sentence}</span>
                </span>
              </label>
              {on && (
                <span className="tag differs">
                  {fromText?.includes(id) ? 'set by the program' : `differs from ${about.kernel}`}
                </span>
              )}
              {!on && fromText?.includes(id) && <span className="tag differs">the program asks for it</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Kfunc({ kfunc, about }: { readonly kfunc: KfuncView; readonly about: About }) {
  const playground = usePlayground();
  const overridden = useApp((state) => state.doc.kfuncFlags[kfunc.name]);
  const [all, setAll] = useState(false);
  const flags = overridden ?? kfunc.flags;
  const own = overridden === undefined ? kfunc.flags : kfunc.kernelFlags;
  const toggle = (bit: number): void => {
    const next = (flags ^ bit) >>> 0;
    playground.setKfuncFlags(kfunc.name, next === kfunc.kernelFlags ? null : next);
  };
  const shown = about.kfuncFlags.filter(
    ({ bit, name }) => all || (flags & bit) !== 0 || (kfunc.kernelFlags & bit) !== 0 || USUAL_FLAGS.has(name),
  );
  return (
    <li className="kfunc">
      <div className="kfunc-head">
        <code className="kfunc-name">{kfunc.name}</code>
        {kfunc.invented && <span className="tag plain">invented here</span>}
        {overridden !== undefined && (
          <>
            <span className="tag differs">changed</span>
            <button
              type="button"
              className="step-link"
              onClick={() => playground.setKfuncFlags(kfunc.name, null)}
            >
              reset
            </button>
          </>
        )}
      </div>
      <code className="kfunc-prototype">{kfunc.prototype}</code>
      <div className="flags" role="group" aria-label={`Flags of ${kfunc.name}`}>
        {shown.map(({ bit, name }) => {
          const on = (flags & bit) !== 0;
          const differs = on !== ((own & bit) !== 0) || on !== ((kfunc.kernelFlags & bit) !== 0);
          return (
            <button
              key={name}
              type="button"
              className={differs ? 'differs' : ''}
              aria-pressed={on}
              title={FLAG_WORDS[name]}
              onClick={() => toggle(bit)}
            >
              {name}
            </button>
          );
        })}
        <button type="button" className="flags-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'fewer' : 'all flags'}
        </button>
      </div>
    </li>
  );
}

/** Switches and kfunc flags, each with its effect at once, and what they change against the kernel as released. */
export function WhatIfPanel() {
  const playground = usePlayground();
  const about = useApp((state) => state.about);
  const kfuncs = useApp((state) => state.run?.result.kfuncs);
  const changed = useApp(
    (state) => state.doc.semantics !== null || Object.keys(state.doc.kfuncFlags).length > 0,
  );

  useEffect(() => {
    playground.setComparing(true);
    return () => playground.setComparing(false);
  }, [playground]);

  if (about === null) return <p className="empty">Waiting for the verifier.</p>;
  return (
    <div className="whatif">
      <h2 className="visually-hidden">What if</h2>
      <AgainstControls about={about} />
      <ComparisonView about={about} />
      <Switches about={about} />
      <section aria-label="Kfuncs of this program">
        <h3>Kfuncs of this program</h3>
        {kfuncs === undefined || kfuncs.length === 0 ? (
          <p className="faint">
            It refers to none. Declare one in the C part with <code>__ksym</code> and call it.
          </p>
        ) : (
          <ul className="kfuncs">
            {kfuncs.map((kfunc) => (
              <Kfunc key={kfunc.name} kfunc={kfunc} about={about} />
            ))}
          </ul>
        )}
      </section>
      {changed && (
        <Button icon="restart" tone="plain" onClick={() => playground.resetWhatIf()}>
          Back to what the program says
        </Button>
      )}
    </div>
  );
}
