import type { ModReason, Location } from '../state/observer.ts';
import { causalPath, type Scope } from './causal-path.ts';
import type { ChangeEvent, EventLog, HistoryEvent } from './event-log.ts';
import { REGIONS } from './regions.ts';
import { valueText } from './values.ts';
import { place, type Setting } from './windows.ts';

/** Events shown of a causal path: half of them from its beginning, half from its end. */
const SHOWN = 64;

/** The section `Causal path`; empty where there is nothing to show and nothing was lost. */
export function causalPathText(setting: Setting, history: EventLog, scope: Scope): string {
  const path = causalPath(history, scope, setting.facts.insns);
  const { lost } = history;
  if (path.length === 0 && lost === 0 && scope.kind === 'value' && scope.at.kind === 'stack-arg') return '';
  const parts: string[] = [];
  const omitted = path.length - SHOWN;
  path.forEach((event, i) => {
    if (omitted > 0 && i >= SHOWN / 2 && i < path.length - SHOWN / 2) {
      if (i === SHOWN / 2) parts.push(`  ${omitted} intermediate causal-history events omitted\n`);
    } else parts.push(eventText(setting, event));
  });
  let text = '\nCausal path:\n' + parts.join('\n');
  if (path.length === 0) text += '  no retained diagnostic events on this path\n';
  if (lost !== 0) text += `  ${lost} older causal-history event${lost === 1 ? '' : 's'} not retained because diagnostic event storage reached capacity\n`;
  return text;
}

function eventText(setting: Setting, event: HistoryEvent): string {
  switch (event.kind) {
    case 'branch': {
      const message = event.taken
        ? 'took the true branch of this conditional, goto followed'
        : 'took the false branch of this conditional, goto not followed';
      return place(setting, event.insn, 'branch', message);
    }
    case 'change':
      return changeText(setting, event);
    case 'region':
      return place(setting, event.insn, 'context', `${event.enter ? 'entered' : 'left'} ${REGIONS[event.region].name}; depth is now ${event.depth}`);
    default:
      return place(setting, event.insn, event.kind, `owned resource (id=${event.refId})`);
  }
}

function changeText(setting: Setting, { insn, at, before, after, reason }: ChangeEvent): string {
  if (at.kind === 'stack-range') {
    return place(setting, insn, 'invalidated', `variable-offset stack write may affect bytes fp${at.no} through fp${at.end - 1}`);
  }
  const what = locationName(at);
  const why = lossReason(reason, at.kind);
  if (why !== '') return place(setting, insn, 'invalidated', `${what}: ${why}; previous value was ${valueText(before)}`);
  return place(setting, insn, reason === 'spill' ? 'spilled' : 'update', `${what} changed from ${valueText(before)} to ${valueText(after)}`);
}

function locationName(at: Location): string {
  if (at.kind === 'reg') return `R${at.no}`;
  return at.kind === 'stack-arg' ? `*(R11-${8 * (at.no + 1)})` : `stack slot fp${-8 * (at.no + 1)}`;
}

/** What took a value away; empty for changes that gave it another one. */
function lossReason(reason: ModReason, kind: Location['kind']): string {
  switch (reason) {
    case 'ref-release':
      return `resource release invalidated this ${kind === 'reg' ? 'pointer' : 'value'}`;
    case 'pkt-data-change':
      return 'packet data may have moved';
    case 'non-own-ref':
      return 'leaving the protected region invalidated this borrowed pointer';
    case 'caller-saved':
      return kind === 'stack-arg' ? 'call invalidated this outgoing stack argument' : 'call invalidated this caller-saved register';
    case 'write':
      return kind === 'slot' ? 'a later stack write overwrote this spilled value' : '';
    default:
      return '';
  }
}
