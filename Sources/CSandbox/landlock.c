// Only the named files, to read and execute; no TCP, no signals to others (Linux: Landlock).

#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

// Declared here, since the headers of older systems lack the later members.
struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scope;
};

struct __attribute__((packed)) path_rule {
    uint64_t allowed;
    int32_t parent;
};

enum {
    VERSION_QUERY = 1 << 0,
    PATH_RULE = 1,
    EXECUTE = 1 << 0,
    READ_FILE = 1 << 2,
    READ_FOLDER = 1 << 3,
};

// The rights of a version of Landlock: 13 at first, then refer, truncate and ioctl.
static uint64_t file_rights(int version) {
    int count = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
    return (1ULL << count) - 1;
}

int landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_QUERY);
    return version < 0 ? 0 : (int)version;
}

static int allow(int ruleset, const char *path) {
    int file = open(path, O_PATH | O_CLOEXEC);
    // A path that this system does not have gives no right.
    if (file < 0) return 0;
    struct stat status;
    uint64_t rights = EXECUTE | READ_FILE;
    if (fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) rights |= READ_FOLDER;
    struct path_rule rule = {.allowed = rights, .parent = file};
    long result = syscall(SYS_landlock_add_rule, ruleset, PATH_RULE, &rule, 0);
    close(file);
    return result == 0 ? 0 : report(path);
}

int restrict_files(const char *const *readable, size_t count) {
    int version = landlock_version();
    if (version == 0) {
        errno = ENOSYS;
        return report("this kernel has no Landlock (Linux 5.13 or newer, with landlock among its security modules)");
    }
    struct ruleset rules = {
        .files = file_rights(version),
        .network = version >= 4 ? 3 : 0,
        .scope = version >= 6 ? 3 : 0,
    };
    size_t size = version >= 6 ? sizeof rules : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (ruleset < 0) return report("landlock_create_ruleset");
    for (size_t i = 0; i < count; i++) {
        if (allow(ruleset, readable[i]) != 0) return -1;
    }
    long result = syscall(SYS_landlock_restrict_self, ruleset, 0);
    close(ruleset);
    return result == 0 ? 0 : report("landlock_restrict_self");
}
