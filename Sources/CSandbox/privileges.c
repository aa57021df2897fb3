// An unprivileged user, no capabilities, no way to gain any, and an end with the parent's.

#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static void empty_bounding_set(void) {
    // Fails without the permission; then there is nothing to drop either.
    for (int capability = 0; capability <= 63; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

static int become_nobody(void) {
    if (getuid() != 0) return 0;
    if (setgroups(0, NULL) != 0 && errno != EPERM) return report("setgroups");
    // Root without the capability to change users, as in a hardened container, stays root: without capabilities.
    if (setresgid(NOBODY, NOBODY, NOBODY) != 0 && errno != EPERM) return report("setresgid");
    if (setresuid(NOBODY, NOBODY, NOBODY) != 0 && errno != EPERM) return report("setresuid");
    return 0;
}

static int clear_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    return syscall(SYS_capset, &header, none) == 0 ? 0 : report("capset");
}

int drop_privileges(void) {
    empty_bounding_set();
    if (become_nobody() != 0 || clear_capabilities() != 0) return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : report("PR_SET_NO_NEW_PRIVS");
}

int die_with_parent(int parent) {
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return report("PR_SET_DUMPABLE");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return report("PR_SET_PDEATHSIG");
    // It may have ended before the request was made.
    return getppid() == parent ? 0 : report("the parent is gone");
}
