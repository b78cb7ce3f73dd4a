import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createDraftShelf } from './drafts/drafts.ts';
import { deviceStorage, memoryStorage } from './drafts/storage.ts';
import { EmbedApp } from './embed/EmbedApp.tsx';
import { EMBED } from './embed/params.ts';
import { acceptDrops } from './import/import.ts';
import { cellWasAddressed } from './kfuncs/store.ts';
import { keepOffline } from './offline/offline.ts';
import { createPlayground } from './playground/playground.ts';
import { App } from './shell/App.tsx';
import { PlaygroundContext } from './shell/context.ts';
import { ErrorBoundary } from './shell/ErrorBoundary.tsx';
import { showPane } from './shell/layout.ts';
import { followTheme } from './theme/theme.ts';
import { createVerifierClient } from './verifier/client.ts';
import { spawnVerifier } from './verifier/spawn.ts';
import { keepStops } from './watch/stops.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/shell.css';
import './theme/panes.css';
import './theme/compare.css';
import './theme/embed.css';
import './theme/export.css';
import './theme/graph.css';
import './theme/graph-pane.css';
import './theme/kfuncs.css';
import './theme/lessons.css';
import './theme/object.css';
import './theme/palette.css';
import './theme/pasted.css';
import './theme/paths.css';
import './theme/precision.css';
import './theme/predict.css';
import './theme/present.css';
import './theme/proof.css';
import './theme/reference.css';
import './theme/rules.css';
import './theme/scalar.css';
import './theme/source.css';
import './theme/visits.css';
import './theme/watch.css';

followTheme(() => undefined);
const playground = createPlayground(
  createVerifierClient(spawnVerifier),
  createDraftShelf(EMBED === null ? deviceStorage() : memoryStorage()),
);
if (EMBED === null) acceptDrops(playground);
keepStops(playground);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ErrorBoundary what="The page">
      <PlaygroundContext value={playground}>
        {EMBED === null ? <App /> : <EmbedApp editable={EMBED.editable} />}
      </PlaygroundContext>
    </ErrorBoundary>
  </StrictMode>,
);
if (cellWasAddressed) showPane('kfuncs');
void playground.boot();
if (EMBED === null) keepOffline(playground);
