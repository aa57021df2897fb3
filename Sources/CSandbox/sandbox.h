// The launcher's steps, in the order in which main.c takes them. Each returns 0, or prints one line and returns -1.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// What the caller may set.
struct limits {
    unsigned long memory_bytes;
    unsigned long cpu_seconds;
};

int report(const char *what);

int limit_resources(const struct limits *limits);
int limit_processes(void);
int drop_privileges(void);
int die_with_parent(int parent);
int restrict_files(const char *const *readable, size_t count);
int landlock_version(void);
int restrict_system_calls(void);
bool seccomp_is_there(void);
