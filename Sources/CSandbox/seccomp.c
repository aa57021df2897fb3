// Only the system calls that a Python interpreter needs to start and to compute, and of general calls only what it
// needs (Linux: seccomp).

#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#include <asm/prctl.h>
#endif

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
    SYS_sigaltstack, SYS_dup, SYS_dup3, SYS_openat, SYS_newfstatat, SYS_readlinkat, SYS_getdents64,
    SYS_faccessat, SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getcwd,
    SYS_uname, SYS_sysinfo, SYS_futex, SYS_set_tid_address, SYS_set_robust_list, SYS_rseq, SYS_sched_getaffinity,
    SYS_sched_yield, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_times,
    SYS_getrusage, SYS_getrandom, SYS_exit, SYS_exit_group, SYS_execve, SYS_ppoll, SYS_pselect6, SYS_restart_syscall,
    SYS_epoll_create1,
#if defined(__x86_64__)
    SYS_poll, SYS_access, SYS_readlink, SYS_getrlimit, SYS_dup2, SYS_select,
#endif
};

enum { MOST_VALUES = 5 };

// A call of which one argument may have only these values. The kernel looks at the lower half of these arguments.
struct restricted_call {
    unsigned number;
    unsigned argument;
    unsigned count;
    unsigned values[MOST_VALUES];
};

static const struct restricted_call restricted[] = {
    // No owner, signal, lease or lock: those reach other processes.
    {SYS_fcntl, 1, 5, {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL}},
    // Questions whether it is a terminal, and whether it is closed at an exec; writing into a terminal is not allowed.
    {SYS_ioctl, 1, 3, {TCGETS, FIOCLEX, FIONCLEX}},
    // The interpreter closes the sandbox with a second, stricter filter.
    {SYS_prctl, 0, 1, {PR_SET_SECCOMP}},
#if defined(__x86_64__)
    {SYS_arch_prctl, 0, 1, {ARCH_SET_FS}},
#endif
};

enum {
    COUNT = sizeof allowed / sizeof *allowed,
    RESTRICTED = sizeof restricted / sizeof *restricted,
    // The maximum number of instructions for each restricted call, and for all else.
    FOR_EACH = MOST_VALUES + 4,
    FOR_ALL = 20,
};

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define GIVE(result) BPF_STMT(BPF_RET | BPF_K, (result))

bool seccomp_is_there(void) { return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0; }

// Allows a call if its argument has one of the values. Expects the number of the call, and keeps it if it is another call.
static size_t add_restricted(struct sock_filter *filter, const struct restricted_call *call) {
    size_t length = 0;
    unsigned char others = (unsigned char)(call->count + 3);
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->number, 0, others);
    filter[length++] = (struct sock_filter)LOAD(args[call->argument]);
    for (unsigned i = 0; i < call->count; i++) {
        unsigned char to_allow = (unsigned char)(call->count - i);
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->values[i], to_allow, 0);
    }
    filter[length++] = (struct sock_filter)GIVE(SECCOMP_RET_ERRNO | EPERM);
    filter[length++] = (struct sock_filter)GIVE(SECCOMP_RET_ALLOW);
    return length;
}

int restrict_system_calls(void) {
    struct sock_filter filter[COUNT + RESTRICTED * FOR_EACH + FOR_ALL];
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
    for (size_t i = 0; i < RESTRICTED; i++) length += add_restricted(filter + length, &restricted[i]);
    for (size_t i = 0; i < COUNT; i++) {
        // Jumps over the remaining calls, to the decision after them.
        unsigned char distance = (unsigned char)(COUNT - i);
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i], distance, 0);
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 1);
    filter[length++] = (struct sock_filter)GIVE(SECCOMP_RET_ALLOW);
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
