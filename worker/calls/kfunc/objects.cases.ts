import { also, cases, join } from '../../testing/cases.ts';
import { END } from '../../testing/scenes.ts';

const TYPES = `.prog tc
.c
struct item { long key; struct bpf_list_node ln; struct bpf_list_node ln2; struct bpf_rb_node rb; struct bpf_refcount ref; };
struct plain { long a; struct bpf_rb_node rb; };
struct bare { long a; long b; };
struct other { long a; struct bpf_list_node ln; };
struct big { char bytes[600]; };
struct pointing { struct task_struct *t; };
private(A) struct bpf_spin_lock glock;
private(A) struct bpf_list_head ghead __contains(item, ln);
private(A) struct bpf_rb_root groot __contains(item, rb);
private(B) struct bpf_spin_lock block;
private(B) struct bpf_list_head bhead __contains(other, ln);
private(C) struct bpf_spin_lock clock;
private(C) struct bpf_rb_root croot __contains(plain, rb);
static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b);
.endc`;

/** r6 = a new object of a type; the program ends where there is none. */
const create = (type: string, as = 'r6', label = 'got'): string => `r1 = typeid.${type}
call bpf_obj_new
if r0 != 0 goto ${label}
r0 = 0
exit
${label}: ${as} = r0`;

const lock = (name = 'glock'): string => `r1 = ${name} ll\ncall bpf_spin_lock`;
const unlock = (name = 'glock'): string => `r1 = ${name} ll\ncall bpf_spin_unlock`;
const drop = (reg = 'r6'): string => `r1 = ${reg}\ncall bpf_obj_drop`;
const push = (member = 'item.ln', head = 'ghead'): string => `r1 = ${head} ll\nr2 = r6\nr2 += ${member}\nr3 = 0\nr4 = 0\ncall bpf_list_push_front_impl`;
const add = (member = 'item.rb', root = 'groot'): string => `r1 = ${root} ll\nr2 = r6\nr2 += ${member}\nr3 = less ll\nr4 = 0\nr5 = 0\ncall bpf_rbtree_add_impl`;
const LESS = `.func less\n${END}`;

const ALLOCATION = cases(TYPES, [
  ['objects are made and dropped', `${create('bare')}\n${drop()}\n${END}`, { '\nr1 = r6\ncall bpf_obj_drop': '' }, { 'call bpf_obj_drop': 'call bpf_obj_drop\nr1 = r6\ncall bpf_obj_drop' }, { 'if r0 != 0 goto got\nr0 = 0\nexit\ngot: ': '' }, { 'r1 = r6': 'r1 = r6\nr1 += 8' }, { 'r1 = r6': 'r1 = r10' }, { 'r1 = r6': 'r1 = 0' }, { 'call bpf_obj_drop': 'call bpf_percpu_obj_drop' }],
  ['of a type that the program has', `${create('bare')}\n${drop()}\n${END}`, { 'typeid.bare': '0' }, { 'typeid.bare': '4294967295' }, { 'typeid.bare': '4294967296 ll' }, also({ 'typeid.bare': '1' }), { 'typeid.bare': '9999' }, { 'r1 = typeid.bare': 'r1 = *(u32 *)(r1 + 0)' }, { 'r1 = typeid.bare': 'r1 = r10' }, (p) => ({ ...p, btf: null, funcInfo: [], lineInfo: [], maps: p.maps.slice(0, 0) })],
  ['fields of objects', `${create('item')}\n*(u64 *)(r6 + item.key) = 1\n${drop()}\n${END}`, { '(r6 + item.key)': '(r6 + item.ln)' }, { '(r6 + item.key)': '(r6 + item.rb)' }, { '(r6 + item.key)': '(r6 + item.ref)' }, { '(r6 + item.key)': '(r6 + 400)' }, { '(r6 + item.key)': '(r6 - 8)' }, { '*(u64 *)(r6 + item.key) = 1': '*(u64 *)(r6 + 4) = 1' }, { '*(u64 *)(r6 + item.key) = 1': 'r0 = *(u64 *)(r6 + item.ln)' }, { '= 1\nr1 = r6\ncall bpf_obj_drop': '= 1\nr1 = r6\ncall bpf_obj_drop\n*(u64 *)(r6 + item.key) = 2' }],
  ['fields at variable places', `${create('item')}\nr1 = *(u64 *)(r6 + 0)\nr1 &= 0\nr6 += r1\nr0 = *(u64 *)(r6 + 0)\n${drop()}\n${END}`, { 'r1 &= 0': 'r1 &= 8' }, also({ 'r1 &= 0\nr6 += r1': 'r6 += 8\nr6 += -8' })],
  ['references are counted', `${create('item')}\nr1 = r6\ncall bpf_refcount_acquire\nr7 = r0\n${drop()}\n${drop('r7')}\n${END}`, { 'typeid.item': 'typeid.plain' }, { 'r1 = r7\ncall bpf_obj_drop\n': '' }, { 'r1 = r6\ncall bpf_refcount_acquire': 'r1 = r10\ncall bpf_refcount_acquire' }, { 'r1 = r6\ncall bpf_refcount_acquire': 'r1 = 0\ncall bpf_refcount_acquire' }],
  ['objects per CPU', `r1 = typeid.bare\ncall bpf_percpu_obj_new\nif r0 == 0 goto out\nr1 = r0\ncall bpf_percpu_obj_drop\nout: r0 = 0\nexit`, { 'typeid.bare': 'typeid.big' }, { 'typeid.bare': 'typeid.item' }, { 'typeid.bare': 'typeid.pointing' }, { 'call bpf_percpu_obj_drop': 'call bpf_obj_drop' }, { 'r1 = r0\n': 'r1 = r0\nr0 = *(u64 *)(r0 + 0)\n' }],
]);

const LISTS = cases(TYPES, [
  ['a node goes into its list', `${create('item')}\n${lock()}\n${push()}\n${unlock()}\n${END}`, { 'r2 += item.ln\n': '' }, { 'r2 += item.ln': 'r2 += item.ln2' }, { 'r2 += item.ln': 'r2 += item.rb' }, { 'r2 += item.ln': 'r2 += 400' }, { 'typeid.item': 'typeid.other', 'r2 += item.ln': 'r2 += other.ln' }, { 'r1 = glock ll\ncall bpf_spin_lock\n': '', 'r1 = glock ll\ncall bpf_spin_unlock\n': '' }, { 'r2 = r6\n': 'r2 = 0\n' }, { 'r2 = r6\nr2 += item.ln': 'r2 = r10' }, { 'r1 = ghead ll\n': 'r1 = r6\n' }, { 'r1 = ghead ll\n': 'r1 = glock ll\n' }, { 'r1 = ghead ll\n': 'r1 = r10\n' }],
  ['the lock of the same allocation', `${create('item')}\n${lock()}\n${push()}\n${unlock()}\n${END}`, { 'r1 = glock ll\ncall bpf_spin_lock\n': 'r1 = block ll\ncall bpf_spin_lock\n', 'r1 = glock ll\ncall bpf_spin_unlock': 'r1 = block ll\ncall bpf_spin_unlock' }],
  ['a list at a known place', `r7 = *(u32 *)(r1 + 0)\nr7 &= 0\n${create('item')}\n${lock()}\nr1 = ghead ll\nr1 += r7\nr2 = r6\nr2 += item.ln\nr3 = 0\nr4 = 0\ncall bpf_list_push_front_impl\n${unlock()}\n${END}`, { 'r7 &= 0': 'r7 &= 8' }],
  ['a node at a known place', `r7 = *(u32 *)(r1 + 0)\nr7 &= 0\n${create('item')}\n${lock()}\nr1 = ghead ll\nr2 = r6\nr2 += item.ln\nr2 += r7\nr3 = 0\nr4 = 0\ncall bpf_list_push_front_impl\n${unlock()}\n${END}`, { 'r7 &= 0': 'r7 &= 8' }],
  ['what is pushed is not owned', `${create('item')}\n${lock()}\n${push()}\n*(u64 *)(r6 + item.key) = 2\n${unlock()}\n${END}`, { '\n*(u64 *)(r6 + item.key) = 2\nr1 = glock ll\ncall bpf_spin_unlock': '\nr1 = glock ll\ncall bpf_spin_unlock\n*(u64 *)(r6 + item.key) = 2' }, { '*(u64 *)(r6 + item.key) = 2': 'r1 = r6\ncall bpf_obj_drop' }, { '*(u64 *)(r6 + item.key) = 2': push() }],
  ['what is popped is owned', `${lock()}\nr1 = ghead ll\ncall bpf_list_pop_front\nr6 = r0\n${unlock()}\nif r6 == 0 goto out\nr6 += -8\n${drop()}\nout: r0 = 0\nexit`, { 'if r6 == 0 goto out\n': '' }, { 'r6 += -8\n': '' }, { 'r6 += -8\nr1 = r6\ncall bpf_obj_drop\n': '' }, { 'r1 = ghead ll\n': 'r1 = bhead ll\n' }],
  ['what is peeked at is not owned', `${lock()}\nr1 = ghead ll\ncall bpf_list_front\nif r0 == 0 goto out\nr0 = *(u64 *)(r0 - 8)\nout: r1 = glock ll\ncall bpf_spin_unlock\n${END}`, { 'if r0 == 0 goto out\n': '' }, { 'r0 = *(u64 *)(r0 - 8)': 'r0 = *(u64 *)(r0 - 16)' }, { 'r0 = *(u64 *)(r0 - 8)': 'r1 = r0\nr1 += -8\ncall bpf_obj_drop' }, { 'r1 = glock ll\ncall bpf_spin_lock\n': '', 'out: r1 = glock ll\ncall bpf_spin_unlock': 'out: r0 = 0' }],
]);

const TREES = cases(TYPES, [
  ['a node goes into its tree', `${create('item')}\n${lock()}\n${add()}\n${unlock()}\n${END}\n${LESS}`, { 'r2 += item.rb': 'r2 += item.ln' }, { 'r2 += item.rb': 'r2 += 8' }, { 'r1 = glock ll\ncall bpf_spin_lock\n': '', 'r1 = glock ll\ncall bpf_spin_unlock\n': '' }, { 'groot ll': 'ghead ll' }, { 'r3 = less ll': 'r3 = 0' }, { 'r3 = less ll': 'r3 = r6' }, { 'typeid.item': 'typeid.plain', 'r2 += item.rb': 'r2 += plain.rb' }],
  ['what the comparison does', `${create('item')}\n${lock()}\n${add()}\n${unlock()}\n${END}\n.func less\nr0 = *(u64 *)(r1 - 56)\nr0 &= 1\nexit`, { 'r0 &= 1\n': '' }, { '(r1 - 56)': '(r1 - 64)' }, { 'r0 = *(u64 *)(r1 - 56)\nr0 &= 1': 'r1 = glock ll\ncall bpf_spin_unlock\nr0 = 0' }, { 'r0 = *(u64 *)(r1 - 56)\nr0 &= 1': 'call bpf_rcu_read_lock\nr0 = 0' }, { 'r0 = *(u64 *)(r1 - 56)\nr0 &= 1': 'r2 = r1\nr1 = groot ll\ncall bpf_rbtree_remove\nr0 = 0' }, also({ 'r0 = *(u64 *)(r1 - 56)\nr0 &= 1': 'r1 = groot ll\ncall bpf_rbtree_first\nr0 = 0' }), { 'r0 = *(u64 *)(r1 - 56)\nr0 &= 1': 'r0 = r1' }, { 'r0 &= 1\n': 'r0 = 2\n' }, also({ 'r0 = *(u64 *)(r1 - 56)\nr0 &= 1': '*(u64 *)(r1 - 56) = 0\nr0 = 0' })],
  ['a tree of one kind', `${create('plain')}\n${lock('clock')}\n${add('plain.rb', 'croot')}\n${unlock('clock')}\n${END}\n${LESS}`, { 'typeid.plain': 'typeid.item', 'plain.rb': 'item.rb' }, { 'plain.rb': '40' }, { 'r1 = clock ll\ncall bpf_spin_lock\n': 'r1 = glock ll\ncall bpf_spin_lock\n', 'r1 = clock ll\ncall bpf_spin_unlock': 'r1 = glock ll\ncall bpf_spin_unlock' }],
  ['the first is looked at and removed', `${lock()}\nr1 = groot ll\ncall bpf_rbtree_first\nif r0 == 0 goto none\nr1 = groot ll\nr2 = r0\ncall bpf_rbtree_remove\nr6 = r0\n${unlock()}\nif r6 == 0 goto out\nr6 += -56\n${drop()}\nout: r0 = 0\nexit\nnone: r1 = glock ll\ncall bpf_spin_unlock\n${END}`, { 'r2 = r0\n': 'r2 = 0\n' }, { 'if r0 == 0 goto none\n': '' }, { 'if r6 == 0 goto out\n': '' }, { 'r6 += -56\nr1 = r6\ncall bpf_obj_drop\n': '' }, { 'r6 += -56': 'r6 += -48' }, { 'r1 = groot ll\nr2 = r0\ncall bpf_rbtree_remove': 'r1 = croot ll\nr2 = r0\ncall bpf_rbtree_remove' }],
  ['a node that is not in a tree', `${create('plain')}\n${drop()}\n${END}`, `${create('plain')}\n${lock('clock')}\nr1 = croot ll\nr2 = r6\nr2 += plain.rb\ncall bpf_rbtree_remove\n${unlock('clock')}\n${END}`, `${create('item')}\n${lock()}\nr1 = groot ll\nr2 = r6\nr2 += item.rb\ncall bpf_rbtree_remove\n${unlock()}\n${END}`],
  ['children of nodes', `${lock()}\nr1 = groot ll\ncall bpf_rbtree_root\nif r0 == 0 goto none\nr1 = groot ll\nr2 = r0\ncall bpf_rbtree_left\nif r0 == 0 goto none\nr0 = *(u64 *)(r0 - 56)\nnone: r1 = glock ll\ncall bpf_spin_unlock\n${END}`, { 'if r0 == 0 goto none\nr0 =': 'r0 =' }, { 'none: r1 = glock ll\ncall bpf_spin_unlock\nr0 = 0': 'none: r6 = r0\nr1 = glock ll\ncall bpf_spin_unlock\nif r6 == 0 goto done\nr0 = *(u64 *)(r6 - 56)\ndone: r0 = 0' }],
]);

const KEPT = cases(`.prog tc\n.c
struct item { long key; struct bpf_rb_node rb; };
struct slot { struct item __kptr *n; struct task_struct __kptr *t; struct cgroup __kptr *c; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct slot); } slots SEC(".maps");
.endc
*(u64 *)(r10 - 8) = 0\nr2 = r10\nr2 += -8\nr1 = slots ll\ncall bpf_map_lookup_elem\nif r0 == 0 goto out\nr7 = r0`, [
  ['an object goes into a map and comes back', `r1 = typeid.item\ncall bpf_obj_new\nif r0 == 0 goto out\nr1 = r7\nr2 = r0\ncall bpf_kptr_xchg\nif r0 == 0 goto out\nr1 = r0\ncall bpf_obj_drop\nout: r0 = 0\nexit`, { 'r1 = r7\n': 'r1 = r7\nr1 += slot.t\n' }, { 'if r0 == 0 goto out\nr1 = r7': 'r1 = r7' }, { 'if r0 == 0 goto out\nr1 = r0': 'r1 = r0' }, { 'if r0 == 0 goto out\nr1 = r0\ncall bpf_obj_drop\n': '' }, { 'r2 = r0\n': 'r6 = r0\nr2 = r0\n', 'r1 = r0\ncall': 'r1 = *(u64 *)(r6 + 0)\nr1 = r0\ncall' }],
  ['a task goes where tasks are', `r1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\nr1 = r7\nr1 += slot.t\nr2 = r0\ncall bpf_kptr_xchg\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit`, { 'slot.t': 'slot.c' }, { 'slot.t': 'slot.n' }, { 'call bpf_task_release': 'call bpf_cgroup_release' }],
]);

export const CASES = join(ALLOCATION, LISTS, TREES, KEPT);
