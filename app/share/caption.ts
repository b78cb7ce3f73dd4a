import type { VerifyResult } from '../../worker/protocol.ts';

/** What a link shows, for its caption. */
export interface Shown {
  readonly title: string;
  readonly result: Pick<VerifyResult, 'verdict' | 'message' | 'semantics'> | null;
  /** Version of the kernel whose verifier it is, e.g. `7.3.4`. */
  readonly kernel: string | null;
  /** The step that the link selects, from 0, and its instruction as the kernel prints it. */
  readonly step: { readonly step: number; readonly insn: string } | null;
}

/** Messages longer than this are cut in a caption. */
const MOST = 120;

function verdict({ verdict: what, message }: NonNullable<Shown['result']>): string {
  const line = message.trim().split('\n').at(-1) ?? '';
  const said = line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line;
  switch (what) {
    case 'accepted':
      return 'accepted';
    case 'rejected':
      return said === '' ? 'rejected' : `rejected, “${said}”`;
    case 'not-modelled':
      return 'not modelled';
    case 'bad-input':
      return 'not a program yet';
  }
}

/** `Kfunc under a lock: rejected, “function calls …”, at step 12, r1 = 1 (Linux 7.3.4)`. */
export function caption({ title, result, kernel, step }: Shown): string {
  const said = result === null ? '' : `: ${verdict(result)}`;
  const where =
    step === null ? '' : `, at step ${step.step + 1}, ${step.insn.replace(/^\([0-9a-f]{2}\) /, '')}`;
  const rules = result?.semantics ?? [];
  const judge =
    kernel === null ? '' : ` (Linux ${kernel}${rules.length === 0 ? '' : ` with ${rules.join(', ')}`})`;
  return `${title}${said}${where}${judge}`;
}

/** A link in Markdown; the text shows as it is, whatever signs are in it. */
export function markdownLink(text: string, url: string): string {
  return `[${text.replace(/[\\`*_[\]<>~|]/g, '\\$&').replace(/\s+/g, ' ')}](${url})`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const attribute = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);

/** HTML that puts the card into an article; `url` is a link to the whole playground. */
export function embedCode(text: string, url: string): string {
  const card = new URL(url);
  card.search = '?embed';
  return `<iframe src="${attribute(card.href)}" title="${attribute(text)}" width="100%" height="480" loading="lazy" style="border: 0"></iframe>`;
}
