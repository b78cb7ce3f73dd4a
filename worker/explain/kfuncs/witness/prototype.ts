import { prepare } from '../../../cfg/prepare.ts';
import type { AttachTarget } from '../../../cfg/attach/target.ts';
import type { KfuncMeta } from '../../../cfg/facts.ts';
import { MapRefused } from '../../../cfg/maps.ts';
import { SILENT } from '../../../failure/messages.ts';
import { NotModelled, Rejection } from '../../../failure/rule.ts';
import type { Kfunc } from '../../../kernel/kfuncs.ts';
import { parseProgramText } from '../../../program/text/parse.ts';
import type { Realm } from '../matrix.ts';
import { head, type Setting } from '../programs.ts';
import { Draft, Unmakeable } from './draft.ts';
import { arenaMap } from './scenery.ts';

/** The directives and declarations of a program that calls a kfunc in a realm, up to what the call itself needs. */
export function prelude(
  realm: Realm,
  setting: Setting,
): { readonly directives: string; readonly declarations: string } {
  const semantics = [...realm.model.semantics];
  const directives = [head(setting)];
  if (semantics.length > 0) directives.push(`.semantics ${semantics.join(', ')}`);
  directives.push(...realm.flagDirectives);
  return { directives: directives.join('\n'), declarations: realm.declarations };
}

/** What the verifier finds out about a call before its walk. */
export interface Proto {
  readonly meta: KfuncMeta;
  /** What such a program attaches to, whose arguments it is given. */
  readonly attach: AttachTarget;
}

const known = new WeakMap<Realm, Map<string, Proto | Unmakeable>>();

/** How the verifier reads a kfunc's prototype in a kind of program. @throws Unmakeable if it is refused before the walk. */
export function protoOf(realm: Realm, kfunc: Kfunc, setting: Setting): Proto {
  let protos = known.get(realm);
  if (protos === undefined) known.set(realm, (protos = new Map()));
  const key = `${kfunc.name} ${setting.section} ${setting.more.join()}`;
  let proto = protos.get(key);
  if (proto === undefined) protos.set(key, (proto = ask(realm, kfunc, setting)));
  if (proto instanceof Unmakeable) throw proto;
  return proto;
}

function ask(realm: Realm, kfunc: Kfunc, setting: Setting): Proto | Unmakeable {
  const scratch = new Draft();
  const arena = arenaMap(scratch);
  const { directives, declarations } = prelude(realm, setting);
  const c = `.c\n${declarations}\n${scratch.declarations.get(arena)!}\n.endc`;
  const text = `${directives}\n${c}\nr1 = ${arena} ll\nr1 = 0\ncall ${kfunc.name}\nr0 = 0\nexit`;
  const { program } = parseProgramText(text, { kernel: realm.model });
  if (program === null) return new Unmakeable('its prototype, which cannot be read here');
  try {
    const { facts, attach } = prepare(program, realm.model, SILENT, {
      bpfCapable: true,
      allowPtrLeaks: true,
    });
    const [meta] = facts.kfuncs.values();
    return meta === undefined ? new Unmakeable('its prototype') : { meta, attach };
  } catch (error) {
    if (error instanceof Rejection)
      return new Unmakeable(`its prototype, which is refused in such a program (${error.message.trim()})`);
    if (error instanceof NotModelled || error instanceof MapRefused) return new Unmakeable(error.message);
    throw error;
  }
}
