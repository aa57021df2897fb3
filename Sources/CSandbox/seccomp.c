// Only the system calls that a Python interpreter needs to start and to compute (Linux: seccomp).

#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "The list of system calls is known for x86-64 and AArch64 only."
#endif

static const unsigned allowed[] = {
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_close, SYS_fstat, SYS_lseek, SYS_mmap, SYS_munmap,
    SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
    SYS_sigaltstack, SYS_ioctl, SYS_dup, SYS_dup3, SYS_fcntl, SYS_openat, SYS_newfstatat, SYS_readlinkat, SYS_getdents64,
    SYS_faccessat, SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getcwd,
    SYS_uname, SYS_sysinfo, SYS_futex, SYS_set_tid_address, SYS_set_robust_list, SYS_rseq, SYS_sched_getaffinity,
    SYS_sched_yield, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_times,
    SYS_getrusage, SYS_getrandom, SYS_exit, SYS_exit_group, SYS_execve, SYS_ppoll, SYS_pselect6, SYS_restart_syscall,
    SYS_epoll_create1,
    // The interpreter shuts the door behind itself with a second, stricter filter.
    SYS_seccomp, SYS_prctl,
#if defined(__x86_64__)
    SYS_poll, SYS_access, SYS_arch_prctl, SYS_readlink, SYS_getrlimit, SYS_dup2, SYS_select,
#endif
};

// PRLIMIT_CHECK counts the instructions between the last allowed call and the verdict 'allow'.
enum { COUNT = sizeof allowed / sizeof *allowed, PRLIMIT_CHECK = 6 };

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define GIVE(result) BPF_STMT(BPF_RET | BPF_K, (result))

bool seccomp_is_there(void) { return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0; }

int restrict_system_calls(void) {
    struct sock_filter filter[COUNT + 16];
    size_t length = 0;
    filter[length++] = (struct sock_filter)LOAD(arch);
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    filter[length++] = (struct sock_filter)GIVE(SECCOMP_RET_KILL_PROCESS);
    filter[length++] = (struct sock_filter)LOAD(nr);
#if defined(__x86_64__)
    // The x32 calls of the same architecture have numbers of their own.
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    filter[length++] = (struct sock_filter)GIVE(SECCOMP_RET_KILL_PROCESS);
#endif
    for (size_t i = 0; i < COUNT; i++) {
        // Over the calls that are left and the check of prlimit64, to the last instruction.
        unsigned char distance = (unsigned char)(COUNT - i - 1 + PRLIMIT_CHECK);
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i], distance, 0);
    }
    // Limits may be read, not set: the third argument is the new limit.
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 4);
    filter[length++] = (struct sock_filter)LOAD(args[2]);
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]) + 4);
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
    filter[length++] = (struct sock_filter)GIVE(SECCOMP_RET_ERRNO | EPERM);
    filter[length++] = (struct sock_filter)GIVE(SECCOMP_RET_ALLOW);

    struct sock_fprog program = {.len = (unsigned short)length, .filter = filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0 ? 0 : report("seccomp");
}
