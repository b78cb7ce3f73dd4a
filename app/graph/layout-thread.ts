import { layOut } from './layout.ts';
import type { LayoutRequest } from './layout.ts';

/** A thread of its own: the page stays quick while a large function is laid out. */
addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => postMessage(layOut(data)));
