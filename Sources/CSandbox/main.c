// Starts a program with minimal privileges: only the named files, no network, no children, little memory.
//
//   causeway-sandbox [--memory BYTES] [--cpu SECONDS] [--layers required|available] [--parent PROCESS] [--read PATH]...
//       -- PROGRAM ARGUMENTS...
//   causeway-sandbox --probe
//
// With `--layers available` it continues without protections that the kernel lacks; otherwise it does not start the program. It ends with
// its parent; `--parent` says which process that is, since it may have ended before the check.
//
// Exit status 125: the sandbox could not be set up; the reason is on standard error.

#define _GNU_SOURCE
#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETUP_FAILED = 125, MOST_PATHS = 32 };

static const char *const system_paths[] = {
    "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo",
};

struct options {
    struct limits limits;
    bool only_available_layers;
    int parent;
    const char *paths[MOST_PATHS];
    size_t path_count;
    char **program;
};

static int probe(void) {
    printf("{\"landlock\":%d,\"seccomp\":%s}\n", landlock_version(), seccomp_is_there() ? "true" : "false");
    return 0;
}

static int usage(void) {
    fputs("usage: causeway-sandbox [--memory BYTES] [--cpu SECONDS] [--layers required|available] [--parent PROCESS] "
          "[--read PATH]... -- PROGRAM ARGUMENTS...\n", stderr);
    return SETUP_FAILED;
}

static int add_path(struct options *options, const char *path) {
    if (options->path_count == MOST_PATHS) return -1;
    options->paths[options->path_count++] = path;
    return 0;
}

static int parse(int count, char **arguments, struct options *options) {
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--") == 0) {
            options->program = arguments + i + 1;
            return i + 1 < count ? add_path(options, arguments[i + 1]) : -1;
        }
        if (i + 1 == count) return -1;
        const char *value = arguments[++i];
        if (strcmp(arguments[i - 1], "--memory") == 0) options->limits.memory_bytes = strtoul(value, NULL, 10);
        else if (strcmp(arguments[i - 1], "--cpu") == 0) options->limits.cpu_seconds = strtoul(value, NULL, 10);
        else if (strcmp(arguments[i - 1], "--parent") == 0) options->parent = (int)strtol(value, NULL, 10);
        else if (strcmp(arguments[i - 1], "--layers") == 0) options->only_available_layers = strcmp(value, "available") == 0;
        else if (strcmp(arguments[i - 1], "--read") != 0 || add_path(options, value) != 0) return -1;
    }
    return -1;
}

static bool skips(const struct options *options, bool is_there) { return options->only_available_layers && !is_there; }

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "--probe") == 0) return probe();

    struct options options = {.limits = {.memory_bytes = 256UL << 20, .cpu_seconds = 3600}};
    for (size_t i = 0; i < sizeof system_paths / sizeof *system_paths; i++) add_path(&options, system_paths[i]);
    if (parse(count, arguments, &options) != 0) return usage();

    int parent = options.parent > 0 ? options.parent : getppid();
    close_range(3, ~0U, 0);
    if (chdir("/") != 0) return report("chdir"), SETUP_FAILED;
    bool ready = limit_resources(&options.limits) == 0
        && drop_privileges() == 0
        // The processes of this user are counted, so the limit comes after the user changed.
        && limit_processes() == 0
        // A change of user clears the request to end with the parent, so that comes after it as well.
        && die_with_parent(parent) == 0
        && (skips(&options, landlock_version() > 0) || restrict_files(options.paths, options.path_count) == 0)
        && (skips(&options, seccomp_is_there()) || restrict_system_calls() == 0);
    if (!ready) return SETUP_FAILED;

    // Texts have the same hash in every process, so that sets have one order: a result depends on what it is made from alone.
    char *environment[] = {"LANG=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1", "PYTHONHASHSEED=0", "PATH=/nonexistent", NULL};
    execve(options.program[0], options.program, environment);
    report(options.program[0]);
    return SETUP_FAILED;
}
