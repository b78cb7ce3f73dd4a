// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../../testing/cases.ts';

export const RECORDED: Recorded = {
  "bpf_arena_alloc_pages @ spin-lock": [
    [0],
  ],
  "bpf_arena_alloc_pages @ type:socket_filter": [
    [0],
  ],
  "bpf_arena_free_pages @ res-lock": [
    [0],
  ],
  "bpf_arena_free_pages @ type:lwt_in": [
    [0],
  ],
  "bpf_arena_reserve_pages @ rcu": [
    [0],
  ],
  "bpf_arena_reserve_pages @ type:flow_dissector": [
    [0],
  ],
  "bpf_get_dentry_xattr @ preempt": [
    [13,"kfunc.sleepableWithin","kernel func bpf_get_dentry_xattr is sleepable within non-preemptible region"],
  ],
  "bpf_get_dentry_xattr @ type:cgroup_device": [
    [13,"kfunc.notAllowed","calling kernel function bpf_get_dentry_xattr is not allowed"],
  ],
  "bpf_get_file_xattr @ irq": [
    [13,"kfunc.sleepableWithin","kernel func bpf_get_file_xattr is sleepable within IRQ-disabled region"],
  ],
  "bpf_get_file_xattr @ type:syscall": [
    [13,"kfunc.notAllowed","calling kernel function bpf_get_file_xattr is not allowed"],
  ],
  "bpf_get_task_exe_file @ sleepable": [
    [0],
  ],
  "bpf_get_task_exe_file @ type:cgroup_sock": [
    [13,"kfunc.notAllowed","calling kernel function bpf_get_task_exe_file is not allowed"],
  ],
  "bpf_path_d_path @ type:sk_skb": [
    [13,"kfunc.notAllowed","calling kernel function bpf_path_d_path is not allowed"],
  ],
  "bpf_put_file @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_put_file @ type:raw_tracepoint_writable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_put_file is not allowed"],
  ],
  "bpf_real_data_inode @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_remove_dentry_xattr @ rcu": [
    [13,"kfunc.sleepableWithin","kernel func bpf_remove_dentry_xattr is sleepable within rcu_read_lock region"],
  ],
  "bpf_remove_dentry_xattr @ type:xdp": [
    [13,"kfunc.notAllowed","calling kernel function bpf_remove_dentry_xattr is not allowed"],
  ],
  "bpf_set_dentry_xattr @ preempt": [
    [13,"kfunc.sleepableWithin","kernel func bpf_set_dentry_xattr is sleepable within non-preemptible region"],
  ],
  "bpf_set_dentry_xattr @ type:lwt_seg6local": [
    [13,"kfunc.notAllowed","calling kernel function bpf_set_dentry_xattr is not allowed"],
  ],
  "bpf_sock_read_xattr @ irq": [
    [0],
  ],
  "bpf_sock_read_xattr @ type:perf_event": [
    [13,"kfunc.notAllowed","calling kernel function bpf_sock_read_xattr is not allowed"],
  ],
  "bpf_icmp_send @ sleepable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_icmp_send is not allowed"],
  ],
  "bpf_icmp_send @ type:sk_reuseport": [
    [13,"kfunc.notAllowed","calling kernel function bpf_icmp_send is not allowed"],
  ],
  "bpf_dynptr_from_skb @ not-sleepable": [
    [0],
  ],
  "bpf_dynptr_from_skb @ type:sched_cls": [
    [0],
  ],
  "bpf_dynptr_from_skb_meta @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_dynptr_from_skb_meta @ type:lwt_out": [
    [13,"kfunc.notAllowed","calling kernel function bpf_dynptr_from_skb_meta is not allowed"],
  ],
  "bpf_sock_addr_set_sun_path @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_sock_addr_set_sun_path @ type:kprobe": [
    [13,"kfunc.notAllowed","calling kernel function bpf_sock_addr_set_sun_path is not allowed"],
  ],
  "bpf_sk_assign_tcp_reqsk @ type:netfilter": [
    [13,"kfunc.notAllowed","calling kernel function bpf_sk_assign_tcp_reqsk is not allowed"],
  ],
  "bpf_dynptr_from_xdp @ irq": [
    [0],
  ],
  "bpf_dynptr_from_xdp @ type:cgroup_sock_addr": [
    [13,"kfunc.notAllowed","calling kernel function bpf_dynptr_from_xdp is not allowed"],
  ],
  "bpf_xdp_pull_data @ sleepable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_xdp_pull_data is not allowed"],
  ],
  "bpf_xdp_pull_data @ type:sk_msg": [
    [13,"kfunc.notAllowed","calling kernel function bpf_xdp_pull_data is not allowed"],
  ],
  "bpf_map_sum_elem_count @ not-sleepable": [
    [0],
  ],
  "bpf_map_sum_elem_count @ type:tracing": [
    [0],
  ],
  "bpf_get_mem_cgroup @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_get_mem_cgroup @ type:lsm": [
    [0],
  ],
  "bpf_get_root_mem_cgroup @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_get_root_mem_cgroup @ type:cgroup_skb": [
    [0],
  ],
  "bpf_mem_cgroup_flush_stats @ rcu": [
    [13,"kfunc.sleepableWithin","kernel func bpf_mem_cgroup_flush_stats is sleepable within rcu_read_lock region"],
  ],
  "bpf_mem_cgroup_flush_stats @ type:sock_ops": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_mem_cgroup_flush_stats"],
  ],
  "bpf_mem_cgroup_memory_events @ preempt": [
    [0],
  ],
  "bpf_mem_cgroup_memory_events @ type:raw_tracepoint": [
    [0],
  ],
  "bpf_mem_cgroup_page_state @ irq": [
    [0],
  ],
  "bpf_mem_cgroup_page_state @ type:sk_lookup": [
    [0],
  ],
  "bpf_mem_cgroup_usage @ sleepable": [
    [0],
  ],
  "bpf_mem_cgroup_usage @ type:sched_act": [
    [0],
  ],
  "bpf_mem_cgroup_vm_events @ not-sleepable": [
    [0],
  ],
  "bpf_mem_cgroup_vm_events @ type:lwt_xmit": [
    [0],
  ],
  "bpf_put_mem_cgroup @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_put_mem_cgroup @ type:tracepoint": [
    [0],
  ],
  "update_socket_protocol @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "update_socket_protocol @ type:cgroup_sockopt": [
    [13,"kfunc.notAllowed","calling kernel function update_socket_protocol is not allowed"],
  ],
  "css_rstat_flush @ rcu": [
    [13,"kfunc.sleepableWithin","kernel func css_rstat_flush is sleepable within rcu_read_lock region"],
  ],
  "css_rstat_flush @ type:socket_filter": [
    [13,"kfunc.notAllowed","calling kernel function css_rstat_flush is not allowed"],
  ],
  "css_rstat_updated @ preempt": [
    [0],
  ],
  "css_rstat_updated @ type:lwt_in": [
    [13,"kfunc.notAllowed","calling kernel function css_rstat_updated is not allowed"],
  ],
  "bpf_sock_destroy @ irq": [
    [0],
  ],
  "bpf_sock_destroy @ type:flow_dissector": [
    [13,"kfunc.notAllowed","calling kernel function bpf_sock_destroy is not allowed"],
  ],
  "tcp_cong_avoid_ai @ type:cgroup_device": [
    [13,"kfunc.notAllowed","calling kernel function tcp_cong_avoid_ai is not allowed"],
  ],
  "tcp_reno_cong_avoid @ not-sleepable": [
    [0],
  ],
  "tcp_reno_cong_avoid @ type:syscall": [
    [13,"kfunc.notAllowed","calling kernel function tcp_reno_cong_avoid is not allowed"],
  ],
  "tcp_reno_ssthresh @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "tcp_reno_ssthresh @ type:cgroup_sock": [
    [13,"kfunc.notAllowed","calling kernel function tcp_reno_ssthresh is not allowed"],
  ],
  "tcp_reno_undo_cwnd @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "tcp_reno_undo_cwnd @ type:sk_skb": [
    [13,"kfunc.notAllowed","calling kernel function tcp_reno_undo_cwnd is not allowed"],
  ],
  "tcp_slow_start @ type:raw_tracepoint_writable": [
    [13,"kfunc.notAllowed","calling kernel function tcp_slow_start is not allowed"],
  ],
  "bpf_fentry_test1 @ preempt": [
    [13,"kfunc.notAllowed","calling kernel function bpf_fentry_test1 is not allowed"],
  ],
  "bpf_fentry_test1 @ type:struct_ops": [
    [13,"kfunc.notAllowed","calling kernel function bpf_fentry_test1 is not allowed"],
  ],
  "bpf_modify_return_test @ irq": [
    [13,"kfunc.notAllowed","calling kernel function bpf_modify_return_test is not allowed"],
  ],
  "bpf_modify_return_test @ type:xdp": [
    [13,"kfunc.notAllowed","calling kernel function bpf_modify_return_test is not allowed"],
  ],
  "bpf_modify_return_test2 @ sleepable": [
    [22,"cfg.kfuncArgMem","R5 pointer type UNKNOWN  must point to scalar, or struct with scalar"],
  ],
  "bpf_modify_return_test2 @ type:lwt_seg6local": [
    [22,"cfg.kfuncArgMem","R5 pointer type UNKNOWN  must point to scalar, or struct with scalar"],
  ],
  "bpf_modify_return_test_tp @ not-sleepable": [
    [0],
  ],
  "bpf_modify_return_test_tp @ type:perf_event": [
    [0],
  ],
  "__bpf_trap @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "__bpf_trap @ type:sk_reuseport": [
    [14,"kfunc.trap","unexpected __bpf_trap() due to uninitialized variable?"],
  ],
  "bpf_cast_to_kern_ctx @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cast_to_kern_ctx @ type:sched_cls": [
    [0],
  ],
  "bpf_cgroup_read_xattr @ rcu": [
    [0],
  ],
  "bpf_copy_from_user_dynptr @ preempt": [
    [13,"kfunc.sleepableWithin","kernel func bpf_copy_from_user_dynptr is sleepable within non-preemptible region"],
  ],
  "bpf_copy_from_user_dynptr @ type:kprobe": [
    [0],
  ],
  "bpf_copy_from_user_str @ irq": [
    [13,"kfunc.sleepableWithin","kernel func bpf_copy_from_user_str is sleepable within IRQ-disabled region"],
  ],
  "bpf_copy_from_user_str @ type:cgroup_sysctl": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_copy_from_user_str"],
  ],
  "bpf_copy_from_user_str_dynptr @ sleepable": [
    [0],
  ],
  "bpf_copy_from_user_str_dynptr @ type:netfilter": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_copy_from_user_str_dynptr"],
  ],
  "bpf_copy_from_user_task_dynptr @ not-sleepable": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_copy_from_user_task_dynptr"],
  ],
  "bpf_copy_from_user_task_dynptr @ type:cgroup_sock_addr": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_copy_from_user_task_dynptr"],
  ],
  "bpf_copy_from_user_task_str @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_copy_from_user_task_str @ type:sk_msg": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_copy_from_user_task_str"],
  ],
  "bpf_copy_from_user_task_str_dynptr @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_copy_from_user_task_str_dynptr @ type:tracing": [
    [0],
  ],
  "bpf_dynptr_adjust @ rcu": [
    [0],
  ],
  "bpf_dynptr_adjust @ type:lsm": [
    [0],
  ],
  "bpf_dynptr_clone @ preempt": [
    [0],
  ],
  "bpf_dynptr_clone @ type:cgroup_skb": [
    [0],
  ],
  "bpf_dynptr_copy @ irq": [
    [0],
  ],
  "bpf_dynptr_copy @ type:sock_ops": [
    [0],
  ],
  "bpf_dynptr_file_discard @ sleepable": [
    [0],
  ],
  "bpf_dynptr_from_file @ not-sleepable": [
    [0],
  ],
  "bpf_dynptr_is_null @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_dynptr_is_null @ type:sched_act": [
    [0],
  ],
  "bpf_dynptr_is_rdonly @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_dynptr_is_rdonly @ type:lwt_xmit": [
    [0],
  ],
  "bpf_dynptr_memset @ rcu": [
    [0],
  ],
  "bpf_dynptr_memset @ type:tracepoint": [
    [0],
  ],
  "bpf_dynptr_size @ preempt": [
    [0],
  ],
  "bpf_dynptr_size @ type:cgroup_sockopt": [
    [0],
  ],
  "bpf_dynptr_slice @ irq": [
    [0],
  ],
  "bpf_dynptr_slice @ type:socket_filter": [
    [0],
  ],
  "bpf_dynptr_slice_rdwr @ sleepable": [
    [22,"kfunc.packetWrites","the prog does not allow writes to packet data"],
  ],
  "bpf_dynptr_slice_rdwr @ type:lwt_in": [
    [22,"kfunc.packetWrites","the prog does not allow writes to packet data"],
  ],
  "bpf_get_kmem_cache @ not-sleepable": [
    [0],
  ],
  "bpf_get_kmem_cache @ type:flow_dissector": [
    [0],
  ],
  "bpf_iter_bits_destroy @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_iter_bits_destroy @ type:cgroup_device": [
    [0],
  ],
  "bpf_iter_bits_new @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_iter_bits_new @ type:syscall": [
    [0],
  ],
  "bpf_iter_bits_next @ rcu": [
    [0],
  ],
  "bpf_iter_bits_next @ type:cgroup_sock": [
    [0],
  ],
  "bpf_iter_css_destroy @ preempt": [
    [0],
  ],
  "bpf_iter_css_destroy @ type:sk_skb": [
    [0],
  ],
  "bpf_iter_css_new @ irq": [
    [0],
  ],
  "bpf_iter_css_new @ type:raw_tracepoint_writable": [
    [0],
  ],
  "bpf_iter_css_next @ sleepable": [
    [71,"kfunc.iterRcu","expected an RCU CS when using bpf_iter_css_next"],
  ],
  "bpf_iter_css_next @ type:struct_ops": [
    [0],
  ],
  "bpf_iter_css_task_destroy @ not-sleepable": [
    [0],
  ],
  "bpf_iter_css_task_new @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_iter_css_task_new @ type:lwt_seg6local": [
    [22,"kfunc.cssTaskIter","css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs"],
  ],
  "bpf_iter_css_task_next @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_iter_dmabuf_destroy @ rcu": [
    [13,"kfunc.sleepableWithin","kernel func bpf_iter_dmabuf_destroy is sleepable within rcu_read_lock region"],
  ],
  "bpf_iter_dmabuf_destroy @ type:sk_reuseport": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_iter_dmabuf_destroy"],
  ],
  "bpf_iter_dmabuf_new @ preempt": [
    [13,"kfunc.sleepableWithin","kernel func bpf_iter_dmabuf_new is sleepable within non-preemptible region"],
  ],
  "bpf_iter_dmabuf_new @ type:sched_cls": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_iter_dmabuf_new"],
  ],
  "bpf_iter_dmabuf_next @ irq": [
    [13,"kfunc.sleepableWithin","kernel func bpf_iter_dmabuf_next is sleepable within IRQ-disabled region"],
  ],
  "bpf_iter_dmabuf_next @ type:lwt_out": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_iter_dmabuf_next"],
  ],
  "bpf_iter_kmem_cache_destroy @ sleepable": [
    [0],
  ],
  "bpf_iter_kmem_cache_destroy @ type:kprobe": [
    [0],
  ],
  "bpf_iter_kmem_cache_new @ not-sleepable": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_iter_kmem_cache_new"],
  ],
  "bpf_iter_kmem_cache_new @ type:cgroup_sysctl": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_iter_kmem_cache_new"],
  ],
  "bpf_iter_kmem_cache_next @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_iter_kmem_cache_next @ type:netfilter": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_iter_kmem_cache_next"],
  ],
  "bpf_iter_num_destroy @ res-lock": [
    [0],
  ],
  "bpf_iter_num_destroy @ type:cgroup_sock_addr": [
    [0],
  ],
  "bpf_iter_num_new @ rcu": [
    [0],
  ],
  "bpf_iter_num_new @ type:sk_msg": [
    [0],
  ],
  "bpf_iter_num_next @ preempt": [
    [0],
  ],
  "bpf_iter_num_next @ type:tracing": [
    [0],
  ],
  "bpf_iter_task_destroy @ irq": [
    [0],
  ],
  "bpf_iter_task_destroy @ type:lsm": [
    [0],
  ],
  "bpf_iter_task_new @ sleepable": [
    [13,"kfunc.requiresRcu","kernel func bpf_iter_task_new requires RCU critical section protection"],
  ],
  "bpf_iter_task_new @ type:cgroup_skb": [
    [0],
  ],
  "bpf_iter_task_next @ not-sleepable": [
    [0],
  ],
  "bpf_iter_task_next @ type:sock_ops": [
    [0],
  ],
  "bpf_iter_task_vma_destroy @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_iter_task_vma_destroy @ type:raw_tracepoint": [
    [0],
  ],
  "bpf_iter_task_vma_new @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_iter_task_vma_new @ type:sk_lookup": [
    [0],
  ],
  "bpf_iter_task_vma_next @ rcu": [
    [0],
  ],
  "bpf_iter_task_vma_next @ type:sched_act": [
    [0],
  ],
  "bpf_local_irq_restore @ preempt": [
    [22,"kfunc.irqFlagUninitialized","expected an initialized irq flag as R1"],
  ],
  "bpf_local_irq_restore @ type:lwt_xmit": [
    [0],
  ],
  "bpf_local_irq_save @ irq": [
    [0],
  ],
  "bpf_local_irq_save @ type:tracepoint": [
    [0],
  ],
  "bpf_preempt_disable @ sleepable": [
    [0],
  ],
  "bpf_preempt_disable @ type:cgroup_sockopt": [
    [0],
  ],
  "bpf_preempt_enable @ not-sleepable": [
    [22,"kfunc.unmatchedPreemptEnable","unmatched attempt to enable preemption (kernel function bpf_preempt_enable)"],
  ],
  "bpf_preempt_enable @ type:socket_filter": [
    [0],
  ],
  "bpf_probe_read_kernel_dynptr @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_probe_read_kernel_dynptr @ type:lwt_in": [
    [0],
  ],
  "bpf_probe_read_kernel_str_dynptr @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_probe_read_kernel_str_dynptr @ type:flow_dissector": [
    [0],
  ],
  "bpf_probe_read_user_dynptr @ rcu": [
    [0],
  ],
  "bpf_probe_read_user_dynptr @ type:cgroup_device": [
    [0],
  ],
  "bpf_probe_read_user_str_dynptr @ preempt": [
    [0],
  ],
  "bpf_probe_read_user_str_dynptr @ type:syscall": [
    [0],
  ],
  "bpf_rcu_read_lock @ irq": [
    [0],
  ],
  "bpf_rcu_read_lock @ type:cgroup_sock": [
    [0],
  ],
  "bpf_rcu_read_unlock @ sleepable": [
    [22,"kfunc.unmatchedRcuUnlock","unmatched rcu read unlock (kernel function bpf_rcu_read_unlock)"],
  ],
  "bpf_rcu_read_unlock @ type:sk_skb": [
    [0],
  ],
  "bpf_rdonly_cast @ not-sleepable": [
    [0],
  ],
  "bpf_rdonly_cast @ type:raw_tracepoint_writable": [
    [0],
  ],
  "bpf_strcasecmp @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_strcasecmp @ type:struct_ops": [
    [0],
  ],
  "bpf_strcasestr @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_strcasestr @ type:xdp": [
    [0],
  ],
  "bpf_strchr @ rcu": [
    [0],
  ],
  "bpf_strchr @ type:lwt_seg6local": [
    [0],
  ],
  "bpf_strchrnul @ preempt": [
    [0],
  ],
  "bpf_strchrnul @ type:perf_event": [
    [0],
  ],
  "bpf_strcmp @ irq": [
    [0],
  ],
  "bpf_strcmp @ type:sk_reuseport": [
    [0],
  ],
  "bpf_strcspn @ sleepable": [
    [0],
  ],
  "bpf_strcspn @ type:sched_cls": [
    [0],
  ],
  "bpf_stream_print_stack @ not-sleepable": [
    [0],
  ],
  "bpf_stream_print_stack @ type:lwt_out": [
    [0],
  ],
  "bpf_stream_vprintk @ spin-lock": [
    [0],
  ],
  "bpf_stream_vprintk @ type:kprobe": [
    [0],
  ],
  "bpf_strlen @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_strlen @ type:cgroup_sysctl": [
    [0],
  ],
  "bpf_strncasecmp @ rcu": [
    [0],
  ],
  "bpf_strncasecmp @ type:netfilter": [
    [0],
  ],
  "bpf_strncasestr @ preempt": [
    [0],
  ],
  "bpf_strncasestr @ type:cgroup_sock_addr": [
    [0],
  ],
  "bpf_strnchr @ irq": [
    [0],
  ],
  "bpf_strnchr @ type:sk_msg": [
    [0],
  ],
  "bpf_strnlen @ sleepable": [
    [0],
  ],
  "bpf_strnlen @ type:tracing": [
    [0],
  ],
  "bpf_strnstr @ not-sleepable": [
    [0],
  ],
  "bpf_strnstr @ type:lsm": [
    [0],
  ],
  "bpf_strrchr @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_strrchr @ type:cgroup_skb": [
    [0],
  ],
  "bpf_strspn @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_strspn @ type:sock_ops": [
    [0],
  ],
  "bpf_strstr @ rcu": [
    [0],
  ],
  "bpf_strstr @ type:raw_tracepoint": [
    [0],
  ],
  "bpf_task_work_schedule_resume @ preempt": [
    [0],
  ],
  "bpf_task_work_schedule_resume @ type:sk_lookup": [
    [0],
  ],
  "bpf_task_work_schedule_signal @ irq": [
    [0],
  ],
  "bpf_task_work_schedule_signal @ type:sched_act": [
    [0],
  ],
  "bpf_timer_cancel_async @ sleepable": [
    [0],
  ],
  "bpf_timer_cancel_async @ type:lwt_xmit": [
    [0],
  ],
  "bpf_wq_init @ not-sleepable": [
    [0],
  ],
  "bpf_wq_init @ type:tracepoint": [
    [0],
  ],
  "bpf_wq_set_callback @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_wq_set_callback @ type:cgroup_sockopt": [
    [0],
  ],
  "bpf_wq_start @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_wq_start @ type:socket_filter": [
    [0],
  ],
  "bpf_cpumask_acquire @ rcu": [
    [0],
  ],
  "bpf_cpumask_acquire @ type:lwt_in": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_acquire is not allowed"],
  ],
  "bpf_cpumask_and @ preempt": [
    [0],
  ],
  "bpf_cpumask_and @ type:flow_dissector": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_and is not allowed"],
  ],
  "bpf_cpumask_any_and_distribute @ irq": [
    [0],
  ],
  "bpf_cpumask_any_and_distribute @ type:cgroup_device": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_any_and_distribute is not allowed"],
  ],
  "bpf_cpumask_any_distribute @ sleepable": [
    [0],
  ],
  "bpf_cpumask_any_distribute @ type:syscall": [
    [0],
  ],
  "bpf_cpumask_clear @ not-sleepable": [
    [0],
  ],
  "bpf_cpumask_clear @ type:cgroup_sock": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_clear is not allowed"],
  ],
  "bpf_cpumask_clear_cpu @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cpumask_clear_cpu @ type:sk_skb": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_clear_cpu is not allowed"],
  ],
  "bpf_cpumask_copy @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cpumask_copy @ type:raw_tracepoint_writable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_copy is not allowed"],
  ],
  "bpf_cpumask_create @ rcu": [
    [0],
  ],
  "bpf_cpumask_create @ type:struct_ops": [
    [0],
  ],
  "bpf_cpumask_empty @ preempt": [
    [0],
  ],
  "bpf_cpumask_empty @ type:xdp": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_empty is not allowed"],
  ],
  "bpf_cpumask_equal @ irq": [
    [0],
  ],
  "bpf_cpumask_equal @ type:lwt_seg6local": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_equal is not allowed"],
  ],
  "bpf_cpumask_first @ sleepable": [
    [0],
  ],
  "bpf_cpumask_first @ type:perf_event": [
    [0],
  ],
  "bpf_cpumask_first_and @ not-sleepable": [
    [0],
  ],
  "bpf_cpumask_first_and @ type:sk_reuseport": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_first_and is not allowed"],
  ],
  "bpf_cpumask_first_zero @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cpumask_first_zero @ type:sched_cls": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_first_zero is not allowed"],
  ],
  "bpf_cpumask_full @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cpumask_full @ type:lwt_out": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_full is not allowed"],
  ],
  "bpf_cpumask_intersects @ rcu": [
    [0],
  ],
  "bpf_cpumask_intersects @ type:kprobe": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_intersects is not allowed"],
  ],
  "bpf_cpumask_or @ preempt": [
    [0],
  ],
  "bpf_cpumask_or @ type:cgroup_sysctl": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_or is not allowed"],
  ],
  "bpf_cpumask_populate @ irq": [
    [0],
  ],
  "bpf_cpumask_populate @ type:netfilter": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_populate is not allowed"],
  ],
  "bpf_cpumask_release @ sleepable": [
    [0],
  ],
  "bpf_cpumask_release @ type:cgroup_sock_addr": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_release is not allowed"],
  ],
  "bpf_cpumask_set_cpu @ not-sleepable": [
    [0],
  ],
  "bpf_cpumask_set_cpu @ type:sk_msg": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_set_cpu is not allowed"],
  ],
  "bpf_cpumask_setall @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cpumask_setall @ type:tracing": [
    [0],
  ],
  "bpf_cpumask_subset @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cpumask_subset @ type:lsm": [
    [0],
  ],
  "bpf_cpumask_test_and_clear_cpu @ rcu": [
    [0],
  ],
  "bpf_cpumask_test_and_clear_cpu @ type:cgroup_skb": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_test_and_clear_cpu is not allowed"],
  ],
  "bpf_cpumask_test_and_set_cpu @ preempt": [
    [0],
  ],
  "bpf_cpumask_test_and_set_cpu @ type:sock_ops": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_test_and_set_cpu is not allowed"],
  ],
  "bpf_cpumask_test_cpu @ irq": [
    [0],
  ],
  "bpf_cpumask_test_cpu @ type:raw_tracepoint": [
    [0],
  ],
  "bpf_cpumask_weight @ sleepable": [
    [0],
  ],
  "bpf_cpumask_weight @ type:sk_lookup": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_weight is not allowed"],
  ],
  "bpf_cpumask_xor @ not-sleepable": [
    [0],
  ],
  "bpf_cpumask_xor @ type:sched_act": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cpumask_xor is not allowed"],
  ],
  "bpf_crypto_ctx_acquire @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_crypto_ctx_acquire @ type:lwt_xmit": [
    [13,"kfunc.notAllowed","calling kernel function bpf_crypto_ctx_acquire is not allowed"],
  ],
  "bpf_crypto_ctx_create @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_crypto_ctx_create @ type:tracepoint": [
    [13,"kfunc.notAllowed","calling kernel function bpf_crypto_ctx_create is not allowed"],
  ],
  "bpf_crypto_ctx_release @ rcu": [
    [0],
  ],
  "bpf_crypto_ctx_release @ type:cgroup_sockopt": [
    [13,"kfunc.notAllowed","calling kernel function bpf_crypto_ctx_release is not allowed"],
  ],
  "bpf_crypto_decrypt @ type:socket_filter": [
    [13,"kfunc.notAllowed","calling kernel function bpf_crypto_decrypt is not allowed"],
  ],
  "bpf_crypto_encrypt @ type:lwt_in": [
    [13,"kfunc.notAllowed","calling kernel function bpf_crypto_encrypt is not allowed"],
  ],
  "bpf_cgroup_acquire @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_cgroup_acquire @ type:cgroup_sock": [
    [0],
  ],
  "bpf_cgroup_ancestor @ rcu": [
    [0],
  ],
  "bpf_cgroup_ancestor @ type:sk_skb": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cgroup_ancestor is not allowed"],
  ],
  "bpf_cgroup_from_id @ preempt": [
    [0],
  ],
  "bpf_cgroup_from_id @ type:raw_tracepoint_writable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_cgroup_from_id is not allowed"],
  ],
  "bpf_cgroup_release @ irq": [
    [0],
  ],
  "bpf_cgroup_release @ type:struct_ops": [
    [0],
  ],
  "bpf_key_put @ sleepable": [
    [0],
  ],
  "bpf_key_put @ type:xdp": [
    [0],
  ],
  "bpf_list_add @ not-sleepable": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_add @ type:lwt_seg6local": [
    [13,"kfunc.notAllowed","calling kernel function bpf_list_add is not allowed"],
  ],
  "bpf_list_back @ spin-lock": [
    [0],
  ],
  "bpf_list_del @ res-lock": [
    [0],
  ],
  "bpf_list_del @ type:sk_reuseport": [
    [13,"kfunc.notAllowed","calling kernel function bpf_list_del is not allowed"],
  ],
  "bpf_list_empty @ rcu": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_empty @ type:sched_cls": [
    [0],
  ],
  "bpf_list_front @ preempt": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_front @ type:lwt_out": [
    [13,"kfunc.notAllowed","calling kernel function bpf_list_front is not allowed"],
  ],
  "bpf_list_is_first @ irq": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_is_first @ type:kprobe": [
    [13,"kfunc.notAllowed","calling kernel function bpf_list_is_first is not allowed"],
  ],
  "bpf_list_is_last @ sleepable": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_is_last @ type:cgroup_sysctl": [
    [0],
  ],
  "bpf_list_pop_back @ not-sleepable": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_pop_back @ type:netfilter": [
    [13,"kfunc.notAllowed","calling kernel function bpf_list_pop_back is not allowed"],
  ],
  "bpf_list_pop_front @ spin-lock": [
    [0],
  ],
  "bpf_list_pop_front @ type:cgroup_sock_addr": [
    [0],
  ],
  "bpf_list_push_back @ res-lock": [
    [0],
  ],
  "bpf_list_push_back @ type:sk_msg": [
    [13,"kfunc.notAllowed","calling kernel function bpf_list_push_back is not allowed"],
  ],
  "bpf_list_push_back_impl @ rcu": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_push_back_impl @ type:tracing": [
    [0],
  ],
  "bpf_list_push_front @ preempt": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_push_front @ type:lsm": [
    [0],
  ],
  "bpf_list_push_front_impl @ irq": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_list_head"],
  ],
  "bpf_list_push_front_impl @ type:cgroup_skb": [
    [0],
  ],
  "bpf_lookup_system_key @ sleepable": [
    [0],
  ],
  "bpf_lookup_system_key @ type:sock_ops": [
    [0],
  ],
  "bpf_lookup_user_key @ not-sleepable": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_lookup_user_key"],
  ],
  "bpf_lookup_user_key @ type:raw_tracepoint": [
    [0],
  ],
  "bpf_obj_drop @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_obj_drop @ type:sk_lookup": [
    [13,"kfunc.notAllowed","calling kernel function bpf_obj_drop is not allowed"],
  ],
  "bpf_obj_drop_impl @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_obj_drop_impl @ type:sched_act": [
    [13,"kfunc.notAllowed","calling kernel function bpf_obj_drop_impl is not allowed"],
  ],
  "bpf_obj_new @ rcu": [
    [0],
  ],
  "bpf_obj_new @ type:lwt_xmit": [
    [13,"kfunc.notAllowed","calling kernel function bpf_obj_new is not allowed"],
  ],
  "bpf_obj_new_impl @ preempt": [
    [0],
  ],
  "bpf_percpu_obj_drop @ irq": [
    [0],
  ],
  "bpf_percpu_obj_drop @ type:cgroup_sockopt": [
    [0],
  ],
  "bpf_percpu_obj_drop_impl @ sleepable": [
    [0],
  ],
  "bpf_percpu_obj_drop_impl @ type:socket_filter": [
    [13,"kfunc.notAllowed","calling kernel function bpf_percpu_obj_drop_impl is not allowed"],
  ],
  "bpf_percpu_obj_new @ not-sleepable": [
    [0],
  ],
  "bpf_percpu_obj_new @ type:lwt_in": [
    [13,"kfunc.notAllowed","calling kernel function bpf_percpu_obj_new is not allowed"],
  ],
  "bpf_percpu_obj_new_impl @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_percpu_obj_new_impl @ type:flow_dissector": [
    [13,"kfunc.notAllowed","calling kernel function bpf_percpu_obj_new_impl is not allowed"],
  ],
  "bpf_rbtree_add @ res-lock": [
    [0],
  ],
  "bpf_rbtree_add @ type:cgroup_device": [
    [0],
  ],
  "bpf_rbtree_add_impl @ rcu": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_rb_root"],
  ],
  "bpf_rbtree_add_impl @ type:syscall": [
    [0],
  ],
  "bpf_rbtree_first @ preempt": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_rb_root"],
  ],
  "bpf_rbtree_first @ type:cgroup_sock": [
    [0],
  ],
  "bpf_rbtree_left @ irq": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_rb_root"],
  ],
  "bpf_rbtree_left @ type:sk_skb": [
    [13,"kfunc.notAllowed","calling kernel function bpf_rbtree_left is not allowed"],
  ],
  "bpf_rbtree_remove @ sleepable": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_rb_root"],
  ],
  "bpf_rbtree_remove @ type:raw_tracepoint_writable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_rbtree_remove is not allowed"],
  ],
  "bpf_rbtree_right @ not-sleepable": [
    [22,"kfunc.lockNotHeld","bpf_spin_lock at off=0 must be held for bpf_rb_root"],
  ],
  "bpf_rbtree_right @ type:struct_ops": [
    [0],
  ],
  "bpf_rbtree_root @ spin-lock": [
    [0],
  ],
  "bpf_rbtree_root @ type:xdp": [
    [0],
  ],
  "bpf_refcount_acquire @ res-lock": [
    [0],
  ],
  "bpf_refcount_acquire @ type:lwt_seg6local": [
    [13,"kfunc.notAllowed","calling kernel function bpf_refcount_acquire is not allowed"],
  ],
  "bpf_refcount_acquire_impl @ rcu": [
    [0],
  ],
  "bpf_send_signal_task @ preempt": [
    [0],
  ],
  "bpf_send_signal_task @ type:sk_reuseport": [
    [13,"kfunc.notAllowed","calling kernel function bpf_send_signal_task is not allowed"],
  ],
  "bpf_task_acquire @ irq": [
    [0],
  ],
  "bpf_task_acquire @ type:sched_cls": [
    [0],
  ],
  "bpf_task_from_pid @ sleepable": [
    [0],
  ],
  "bpf_task_from_pid @ type:lwt_out": [
    [13,"kfunc.notAllowed","calling kernel function bpf_task_from_pid is not allowed"],
  ],
  "bpf_task_from_vpid @ not-sleepable": [
    [0],
  ],
  "bpf_task_from_vpid @ type:kprobe": [
    [13,"kfunc.notAllowed","calling kernel function bpf_task_from_vpid is not allowed"],
  ],
  "bpf_task_get_cgroup1 @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_task_get_cgroup1 @ type:cgroup_sysctl": [
    [0],
  ],
  "bpf_task_release @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_task_release @ type:netfilter": [
    [13,"kfunc.notAllowed","calling kernel function bpf_task_release is not allowed"],
  ],
  "bpf_task_under_cgroup @ rcu": [
    [0],
  ],
  "bpf_task_under_cgroup @ type:cgroup_sock_addr": [
    [0],
  ],
  "bpf_throw @ preempt": [
    [22,"context.insidePreempt","bpf_throw cannot be used inside bpf_preempt_disable-ed region"],
  ],
  "bpf_throw @ type:sk_msg": [
    [13,"kfunc.notAllowed","calling kernel function bpf_throw is not allowed"],
  ],
  "bpf_io_uring_get_region @ sleepable": [
    [0],
  ],
  "bpf_io_uring_get_region @ type:lsm": [
    [13,"kfunc.notAllowed","calling kernel function bpf_io_uring_get_region is not allowed"],
  ],
  "bpf_io_uring_submit_sqes @ not-sleepable": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_io_uring_submit_sqes"],
  ],
  "bpf_io_uring_submit_sqes @ type:cgroup_skb": [
    [13,"kfunc.notAllowed","calling kernel function bpf_io_uring_submit_sqes is not allowed"],
  ],
  "bpf_ksock_connect @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_ksock_connect @ type:sock_ops": [
    [13,"kfunc.notAllowed","calling kernel function bpf_ksock_connect is not allowed"],
  ],
  "bpf_ksock_create @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_ksock_create @ type:raw_tracepoint": [
    [13,"kfunc.notAllowed","calling kernel function bpf_ksock_create is not allowed"],
  ],
  "bpf_ksock_acquire @ rcu": [
    [0],
  ],
  "bpf_ksock_acquire @ type:sk_lookup": [
    [13,"kfunc.notAllowed","calling kernel function bpf_ksock_acquire is not allowed"],
  ],
  "bpf_ksock_release @ preempt": [
    [0],
  ],
  "bpf_ksock_release @ type:sched_act": [
    [13,"kfunc.notAllowed","calling kernel function bpf_ksock_release is not allowed"],
  ],
  "bpf_ksock_send @ irq": [
    [13,"kfunc.sleepableWithin","kernel func bpf_ksock_send is sleepable within IRQ-disabled region"],
  ],
  "bpf_ksock_send @ type:lwt_xmit": [
    [13,"kfunc.notAllowed","calling kernel function bpf_ksock_send is not allowed"],
  ],
  "bpf_kfree_skb @ preempt": [
    [0],
  ],
  "bpf_kfree_skb @ type:lwt_seg6local": [
    [13,"kfunc.notAllowed","calling kernel function bpf_kfree_skb is not allowed"],
  ],
  "bpf_qdisc_bstats_update @ type:perf_event": [
    [13,"kfunc.notAllowed","calling kernel function bpf_qdisc_bstats_update is not allowed"],
  ],
  "bpf_qdisc_init_prologue @ sleepable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_qdisc_init_prologue is not allowed"],
  ],
  "bpf_qdisc_init_prologue @ type:sk_reuseport": [
    [13,"kfunc.notAllowed","calling kernel function bpf_qdisc_init_prologue is not allowed"],
  ],
  "bpf_qdisc_reset_destroy_epilogue @ not-sleepable": [
    [13,"kfunc.notAllowed","calling kernel function bpf_qdisc_reset_destroy_epilogue is not allowed"],
  ],
  "bpf_qdisc_reset_destroy_epilogue @ type:sched_cls": [
    [13,"kfunc.notAllowed","calling kernel function bpf_qdisc_reset_destroy_epilogue is not allowed"],
  ],
  "bpf_qdisc_skb_drop @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_qdisc_skb_drop @ type:lwt_out": [
    [13,"kfunc.notAllowed","calling kernel function bpf_qdisc_skb_drop is not allowed"],
  ],
  "bpf_qdisc_watchdog_schedule @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_qdisc_watchdog_schedule @ type:kprobe": [
    [13,"kfunc.notAllowed","calling kernel function bpf_qdisc_watchdog_schedule is not allowed"],
  ],
  "bpf_skb_get_hash @ type:cgroup_sysctl": [
    [13,"kfunc.notAllowed","calling kernel function bpf_skb_get_hash is not allowed"],
  ],
  "bpf_res_spin_lock @ preempt": [
    [0],
  ],
  "bpf_res_spin_lock @ type:netfilter": [
    [0],
  ],
  "bpf_res_spin_lock_irqsave @ irq": [
    [0],
  ],
  "bpf_res_spin_lock_irqsave @ type:cgroup_sock_addr": [
    [0],
  ],
  "bpf_res_spin_unlock @ sleepable": [
    [22,"context.unlockWithoutLock","bpf_res_spin_unlock without taking a lock"],
  ],
  "bpf_res_spin_unlock @ type:sk_msg": [
    [0],
  ],
  "bpf_res_spin_unlock_irqrestore @ not-sleepable": [
    [22,"context.unlockWithoutLock","bpf_res_spin_unlock without taking a lock"],
  ],
  "bpf_res_spin_unlock_irqrestore @ type:tracing": [
    [0],
  ],
  "bpf_session_cookie @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_session_cookie @ type:lsm": [
    [13,"kfunc.notAllowed","calling kernel function bpf_session_cookie is not allowed"],
  ],
  "bpf_session_is_return @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "bpf_session_is_return @ type:cgroup_skb": [
    [13,"kfunc.notAllowed","calling kernel function bpf_session_is_return is not allowed"],
  ],
  "cubictcp_acked @ preempt": [
    [0],
  ],
  "cubictcp_acked @ type:lwt_in": [
    [13,"kfunc.notAllowed","calling kernel function cubictcp_acked is not allowed"],
  ],
  "cubictcp_cong_avoid @ irq": [
    [0],
  ],
  "cubictcp_cong_avoid @ type:flow_dissector": [
    [13,"kfunc.notAllowed","calling kernel function cubictcp_cong_avoid is not allowed"],
  ],
  "cubictcp_cwnd_event_tx_start @ type:cgroup_device": [
    [13,"kfunc.notAllowed","calling kernel function cubictcp_cwnd_event_tx_start is not allowed"],
  ],
  "cubictcp_init @ not-sleepable": [
    [0],
  ],
  "cubictcp_init @ type:syscall": [
    [13,"kfunc.notAllowed","calling kernel function cubictcp_init is not allowed"],
  ],
  "cubictcp_recalc_ssthresh @ spin-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "cubictcp_recalc_ssthresh @ type:cgroup_sock": [
    [13,"kfunc.notAllowed","calling kernel function cubictcp_recalc_ssthresh is not allowed"],
  ],
  "cubictcp_state @ res-lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "cubictcp_state @ type:sk_skb": [
    [13,"kfunc.notAllowed","calling kernel function cubictcp_state is not allowed"],
  ],
};
