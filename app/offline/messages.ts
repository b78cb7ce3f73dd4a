/** What the page says to its service worker: become the one in charge; fetch the kernel's data, the network is idle. */
export type FromPage = 'take-over' | 'fetch-later-files';
