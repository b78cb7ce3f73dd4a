import type { Layout, LayoutRequest } from './layout.ts';
import LayoutThread from './layout-thread.ts?worker';

/** A layout that takes longer than this is given up. */
const PATIENCE_MS = 20_000;

export class LayoutFailed extends Error {
  override readonly name = 'LayoutFailed';
}

/** Lays graphs out in a thread; a newer request takes the place of an older one, which is then null. */
export function createLayouts() {
  let thread: Worker | null = null;
  let last = 0;
  let giveUp: () => void = () => undefined;

  function end(): void {
    thread?.terminate();
    thread = null;
  }

  return {
    lay(request: Omit<LayoutRequest, 'id'>): Promise<Layout | null> {
      giveUp();
      const id = ++last;
      return new Promise((resolve, reject) => {
        const on = (thread ??= new LayoutThread({ name: 'layout' }));
        const timer = setTimeout(() => {
          end();
          settle(() => reject(new LayoutFailed('The layout took too long.')));
        }, PATIENCE_MS);
        function settle(how: () => void): void {
          clearTimeout(timer);
          on.removeEventListener('message', answered);
          on.removeEventListener('error', failed);
          giveUp = () => undefined;
          how();
        }
        function answered({ data }: MessageEvent<Layout>): void {
          if (data.id === id) settle(() => resolve(data));
        }
        function failed(event: ErrorEvent): void {
          event.preventDefault();
          end();
          settle(() => reject(new LayoutFailed(event.message || 'The layout failed.')));
        }
        giveUp = () => {
          // it may be busy for long
          end();
          settle(() => resolve(null));
        };
        on.addEventListener('message', answered);
        on.addEventListener('error', failed);
        on.postMessage({ ...request, id } satisfies LayoutRequest);
      });
    },
    dispose(): void {
      giveUp();
      end();
    },
  };
}
