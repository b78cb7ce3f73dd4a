import type { Playground } from '../playground/playground.ts';
import type { FromPage } from './messages.ts';

/** Nothing competes with the first verdict. */
const SETTLE_MS = 3000;

/** Does the person pay for bytes? Not every browser tells. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}

function offerUpdate(playground: Playground, waiting: ServiceWorker): void {
  playground.notify('info', 'A newer version of the playground is ready. Your program stays.', [
    {
      label: 'Load it',
      run: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        waiting.postMessage('take-over' satisfies FromPage);
      },
    },
  ]);
}

async function register(playground: Playground): Promise<void> {
  const registration = await navigator.serviceWorker.register('./service-worker.js');
  /** The first build to be kept takes over by itself; later ones wait to be asked for. */
  const watch = (worker: ServiceWorker | null): void => {
    const changed = (): void => {
      if (worker?.state === 'installed' && navigator.serviceWorker.controller !== null)
        offerUpdate(playground, worker);
    };
    worker?.addEventListener('statechange', changed);
    changed();
  };
  watch(registration.waiting ?? registration.installing);
  registration.addEventListener('updatefound', () => watch(registration.installing));
  const { active } = await navigator.serviceWorker.ready;
  if (!savesData()) active?.postMessage('fetch-later-files' satisfies FromPage);
}

/** Keeps the page on this device for the next visit, network or not. Only in builds, and where the browser can. */
export function keepOffline(playground: Playground): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  setTimeout(() => {
    register(playground).catch((reason: unknown) => {
      // The page works without: private windows and some policies forbid it.
      console.warn('The page is not kept for offline use:', reason);
    });
  }, SETTLE_MS);
}
