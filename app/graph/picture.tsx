import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import styles from '../theme/graph.css?raw';
import { GraphContent } from './GraphSvg.tsx';
import type { Drawing, Marks } from './GraphSvg.tsx';

/** Pictures of more pixels than this are made smaller. */
const PIXELS = 24_000_000;
const SHARPNESS = 2;

/** The page's colours in place of its variables. */
function resolved(css: string): string {
  const root = getComputedStyle(document.documentElement);
  return css.replace(/var\((--[\w-]+)\)/g, (_, name: string) => root.getPropertyValue(name).trim());
}

/** The whole graph as a file of its own, in the colours of the page. */
export function svgOf(drawing: Drawing, marks: Marks, title: string): string {
  const { width, height } = drawing.layout;
  const host = document.createElement('div');
  const root = createRoot(host);
  flushSync(() =>
    root.render(
      <svg
        xmlns="http://www.w3.org/2000/svg"
        className="graph-svg"
        width={Math.ceil(width)}
        height={Math.ceil(height)}
        viewBox={`0 0 ${Math.ceil(width)} ${Math.ceil(height)}`}
      >
        <title>{title}</title>
        <style>{resolved(styles)}</style>
        <rect className="graph-paper" width="100%" height="100%" />
        <GraphContent drawing={drawing} marks={marks} selected={null} sight={null} detailed />
      </svg>,
    ),
  );
  const text = new XMLSerializer().serializeToString(host.firstElementChild!);
  root.unmount();
  return text;
}

/** The same as pixels. @throws if the browser cannot draw it. */
export async function pngOf(svg: string, width: number, height: number): Promise<Blob> {
  const scale = Math.min(SHARPNESS, Math.sqrt(PIXELS / (width * height)));
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(width * scale);
    canvas.height = Math.ceil(height * scale);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser draws no pictures');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) =>
        blob === null ? reject(new Error('the picture is too large for this browser')) : resolve(blob),
      ),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
