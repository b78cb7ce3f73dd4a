import type { Lane } from './lanes.ts';
import { LANE_LETTERS, LANE_WORDS, spokenLines } from './lanes.ts';
import type { monaco } from './monaco.ts';

const SVG = 'http://www.w3.org/2000/svg';
const COLUMN = 16;
const BAR = 4;
const CAP = 12;
const MARGIN = 6;

function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Draws the lanes beside the editor and keeps them in step with its scrolling and folding. */
export function createLanesView(
  host: HTMLElement,
  editor: monaco.editor.IStandaloneCodeEditor,
  onPick: (insn: number) => void,
) {
  const svg = element('svg', { class: 'lanes-svg', role: 'img' });
  host.append(svg);
  let lanes: readonly Lane[] = [];
  let frame = 0;

  function describe({ span, bars }: Lane): string {
    const label = span.label === '' ? '' : ` ${span.label}`;
    return `${LANE_WORDS[span.kind]}${label}, ${spokenLines(bars)}`;
  }

  function draw(): void {
    frame = 0;
    const columns = lanes.reduce((most, lane) => Math.max(most, lane.column + 1), 0);
    const width = Math.max(columns, 1) * COLUMN + MARGIN;
    const height = host.clientHeight;
    host.style.width = `${width}px`;
    svg.setAttribute('width', String(width));
    svg.setAttribute('height', String(height));
    svg.setAttribute(
      'aria-label',
      lanes.length === 0 ? 'Regions: none held' : `Regions: ${lanes.map(describe).join('; ')}`,
    );
    svg.replaceChildren();
    const scrollTop = editor.getScrollTop();
    const lineCount = editor.getModel()?.getLineCount() ?? 0;
    for (const lane of lanes) {
      const x = MARGIN + lane.column * COLUMN + COLUMN / 2;
      const group = element('g', { class: `lane lane-${lane.span.kind}` });
      const title = element('title', {});
      title.textContent = describe(lane);
      group.append(title);
      lane.bars.forEach((bar, index) => {
        if (bar.from > lineCount) return;
        const top = editor.getTopForLineNumber(bar.from) - scrollTop + 3;
        const bottom = editor.getBottomForLineNumber(Math.min(bar.to, lineCount)) - scrollTop - 3;
        if (bottom < 0 || top > height) return;
        const area = element('rect', {
          x: x - COLUMN / 2,
          y: top,
          width: COLUMN,
          height: Math.max(bottom - top, CAP),
          class: 'lane-area',
        });
        area.addEventListener('click', () => onPick(bar.insns[0]!));
        group.append(
          area,
          element('rect', {
            x: x - BAR / 2,
            y: top,
            width: BAR,
            height: Math.max(bottom - top, BAR),
            rx: BAR / 2,
            class: 'lane-bar',
          }),
        );
        if (index > 0) return;
        group.append(
          element('rect', { x: x - CAP / 2, y: top, width: CAP, height: CAP, rx: 3, class: 'lane-cap' }),
        );
        const letter = element('text', {
          x,
          y: top + CAP - 3,
          'text-anchor': 'middle',
          class: 'lane-letter-text',
        });
        letter.textContent = LANE_LETTERS[lane.span.kind];
        group.append(letter);
      });
      svg.append(group);
    }
  }

  function redraw(): void {
    frame ||= requestAnimationFrame(draw);
  }

  const listeners = [
    editor.onDidScrollChange(redraw),
    editor.onDidLayoutChange(redraw),
    editor.onDidContentSizeChange(redraw),
    editor.onDidChangeHiddenAreas(redraw),
  ];
  const onWheel = (event: WheelEvent): void => editor.setScrollTop(editor.getScrollTop() + event.deltaY);
  host.addEventListener('wheel', onWheel, { passive: true });

  return {
    show(next: readonly Lane[]): void {
      lanes = next;
      redraw();
    },
    dispose(): void {
      cancelAnimationFrame(frame);
      listeners.forEach((listener) => listener.dispose());
      host.removeEventListener('wheel', onWheel);
      svg.remove();
    },
  };
}
