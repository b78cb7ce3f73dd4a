/** Outlines on a 16 × 16 grid. */
const PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  gap: 'M8 3v6M8 12.2v.3',
  pencil: 'M3 13l.7-2.8 7.2-7.2 2.1 2.1-7.2 7.2z',
  wait: 'M8 2.5v2.5M8 11v2.5M2.5 8H5M11 8h2.5M4.1 4.1l1.8 1.8M10.1 10.1l1.8 1.8M11.9 4.1l-1.8 1.8M5.9 10.1l-1.8 1.8',
  first: 'M4 3.5v9M12 3.5L6.5 8l5.5 4.5',
  last: 'M12 3.5v9M4 3.5L9.5 8 4 12.5',
  back: 'M10.5 3.5L5.5 8l5 4.5',
  forward: 'M5.5 3.5l5 4.5-5 4.5',
  down: 'M4 6.2L8 10l4-3.8',
  find: 'M7 7m-4.2 0a4.2 4.2 0 108.4 0 4.2 4.2 0 10-8.4 0M10.2 10.2l3.3 3.3',
  up: 'M4 9.8L8 6l4 3.8',
  right: 'M6.2 4L10 8l-3.8 4',
  target: 'M8 2v3M8 11v3M2 8h3M11 8h3M8 8m-3.2 0a3.2 3.2 0 106.4 0 3.2 3.2 0 10-6.4 0',
  share:
    'M6.7 9.3l2.6-2.6M7.2 4.9l1-1a2.6 2.6 0 013.9 3.6l-1.3 1.3M8.8 11.1l-1 1a2.6 2.6 0 01-3.9-3.6l1.3-1.3',
  sun: 'M8 8m-2.6 0a2.6 2.6 0 105.2 0 2.6 2.6 0 10-5.2 0M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1',
  moon: 'M12.8 9.6A5.3 5.3 0 016.4 3.2a5.3 5.3 0 106.4 6.4z',
  keys: 'M2 4.5h12v7H2zM4.5 7h.3M7 7h.3M9.5 7h.3M11.6 7h.2M5 9.5h6',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
  download: 'M8 2.5v7M5 7l3 3 3-3M3 13h10',
  plus: 'M8 3.5v9M3.5 8h9',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  trash: 'M3.5 4.5h9M6 4.5v-1.5h4v1.5M5 4.5l.5 8.5h5l.5-8.5',
  branch: 'M4.5 3v10M4.5 10c0-3 7-2 7-5.5M11.5 3v1.5',
  code: 'M6 4L2.5 8 6 12M10 4l3.5 4-3.5 4',
  steps: 'M2.5 12.5H6v-4h3.5v-4h4',
  why: 'M5.8 6a2.2 2.2 0 114 1.2c-.7.8-1.8 1.1-1.8 2.4M8 12.2v.3',
  flip: 'M3 6h9l-2.5-2.5M13 10H4l2.5 2.5',
  log: 'M3 4h10M3 7h7M3 10h10M3 13h5',
  book: 'M8 4.2C6.5 3 4.5 2.8 2.5 3v9.2c2-.2 4 0 5.5 1.2 1.5-1.2 3.5-1.4 5.5-1.2V3c-2-.2-4 0-5.5 1.2zM8 4.2v9.2',
  eye: 'M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 8m-1.8 0a1.8 1.8 0 103.6 0 1.8 1.8 0 10-3.6 0',
  graph: 'M6 2.5h4v3H6zM2.5 10.5h4v3h-4zM9.5 10.5h4v3h-4zM8 5.5v2.5M4.5 10.5V8h7v2.5',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6 3.5v9',
  lesson: 'M8 3.5L1.8 6.3 8 9.1l6.2-2.8zM4.4 7.6v3.2c2 1.7 5.2 1.7 7.2 0V7.6M14.2 6.3v3.6',
  guess: 'M2.5 3h11v7.5H8l-3 2.7v-2.7H2.5zM6.5 5.7a1.5 1.5 0 112.3 1.2c-.5.3-.8.5-.8 1M8 9.2v.1',
  list: 'M2.8 4.2h.3M5.5 4.2h7.7M2.8 8h.3M5.5 8h7.7M2.8 11.8h.3M5.5 11.8h7.7',
  prune: 'M4.5 3.5v9M4.5 8h3.5M8 8c2.5 0 3-2 3.5-3.5M10 10l3.5 3.5M13.5 10L10 13.5',
  screen: 'M2 3h12v7.5H2zM8 10.5v2.8M5.2 13.3h5.6',
  restart: 'M12.8 6.2A5.1 5.1 0 103 8.2M12.9 3v3.3H9.6',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words; screen readers skip it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
