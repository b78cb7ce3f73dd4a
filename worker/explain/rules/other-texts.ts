/** Where nothing may sleep, as messages call it. */
const REGIONS = [
  'rcu_read_lock region',
  'non-preemptible region',
  'IRQ-disabled region',
  'lock region',
  'nofault region',
  'non-sleepable prog',
];

const EXIT = 'BPF_EXIT instruction in main prog';

/**
 * Lines that lead to a rule though they are not its text: those that Linux 7.3 prints just before it, and those that
 * earlier kernels printed in its place. Printf style, as the rules' own texts. Who pastes a message from any kernel
 * finds today's rule by them.
 */
export const OTHER_TEXTS: Readonly<Record<string, readonly string[]>> = {
  'packet.outside': ['invalid access to packet, off=%d size=%d, R%d(id=%d,off=%d,r=%d)'],
  'memory.max-outside': [
    'invalid access to map value, value_size=%d off=%d size=%d',
    'invalid access to map key, key_size=%d off=%d size=%d',
    'invalid access to memory, mem_size=%u off=%d size=%d',
    'R%d max value is outside of the array range',
  ],
  'memory.min-outside': ['R%d min value is outside of the array range'],
  'context.referenceLeak': [
    'Unreleased reference id=%d alloc_insn=%d',
    `${EXIT} would lead to reference leak`,
  ],
  'context.insideSpinLock': [
    'bpf_spin_unlock is missing',
    `${EXIT} cannot be used inside bpf_spin_lock-ed region`,
  ],
  'context.insideRcu': [
    'bpf_rcu_read_unlock is missing',
    `${EXIT} cannot be used inside bpf_rcu_read_lock-ed region`,
  ],
  'context.insidePreempt': [
    '%d bpf_preempt_enable%s missing',
    `${EXIT} cannot be used inside bpf_preempt_disable-ed region`,
  ],
  'context.insideIrqSave': [`${EXIT} cannot be used inside bpf_local_irq_save-ed region`],
  'call.helperNotForProgram': ['unknown func %s#%d'],
  'call.sleepableHelper': [
    'helper call might sleep in a non-sleepable prog',
    ...REGIONS.map((region) => `sleepable helper %s#%d in ${region}`),
  ],
  'call.sleepableGlobal': REGIONS.map((region) => `sleepable global function %s() called in ${region}`),
  'kfunc.sleepableWithin': REGIONS.map((region) => `kernel func %s is sleepable within ${region}`),
  'call.valueOutOfRange': ['At program exit the register R0 has value %s should have been in %s'],
  'call.globalArguments': ['Caller passes invalid args into func#%d'],
  'kfunc.notTrusted': ['R%d must be referenced'],
  'stack.range-uninit': [
    'invalid indirect read from stack off %d+%d size %d',
    'invalid indirect read from stack R%d off %d+%d size %d',
  ],
  'stack.range-uninit-var': [
    'invalid indirect read from stack var_off %s+%d size %d',
    'invalid indirect read from stack R%d var_off %s+%d size %d',
  ],
  'stack.out-of-bounds': ['invalid stack off=%d size=%d', 'invalid stack type R%d off=%d access_size=%d'],
  'stack.var-out-of-bounds': ['variable stack access var_off=%s off=%d size=%d'],
  'memory.modified-pointer': [
    'dereference of modified ctx ptr R%d off=%d+%d, ctx+const is allowed, ctx+const+const is not',
  ],
  'cfg.callsNotPermitted': ['function calls to other bpf functions are allowed for root only'],
};
