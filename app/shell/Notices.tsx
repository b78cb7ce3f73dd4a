import { Button } from '../ui/Button.tsx';
import { useApp, usePlayground } from './context.ts';

/** What the page has to say, with what may be done about it. */
export function Notices() {
  const playground = usePlayground();
  const notices = useApp((state) => state.notices);
  return (
    <div className="notices" role="status" aria-live="polite" aria-atomic="false">
      {notices.map((notice) => (
        <div key={notice.id} className={`notice ${notice.tone}`}>
          <p>{notice.text}</p>
          {notice.actions.map(({ label, run }) => (
            <Button
              key={label}
              tone="strong"
              onClick={() => {
                playground.dismiss(notice.id);
                run();
              }}
            >
              {label}
            </Button>
          ))}
          <Button icon="cross" title="Dismiss" onClick={() => playground.dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}
