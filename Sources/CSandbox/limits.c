// Limits of the program's resources.

#define _GNU_SOURCE
#include "sandbox.h"

#include <sys/resource.h>

static int set(int resource, rlim_t value, const char *name) {
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &limit) == 0 ? 0 : report(name);
}

int limit_resources(const struct limits *limits) {
    return set(RLIMIT_AS, limits->memory_bytes, "RLIMIT_AS")
        || set(RLIMIT_CPU, limits->cpu_seconds, "RLIMIT_CPU")
        || set(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE")
        || set(RLIMIT_CORE, 0, "RLIMIT_CORE")
        || set(RLIMIT_NOFILE, 32, "RLIMIT_NOFILE")
        || set(RLIMIT_MEMLOCK, 0, "RLIMIT_MEMLOCK") ? -1 : 0;
}

int limit_processes(void) { return set(RLIMIT_NPROC, 1, "RLIMIT_NPROC"); }
