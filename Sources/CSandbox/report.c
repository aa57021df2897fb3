// What went wrong, in one line on standard error.

#include "sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int report(const char *what) {
    fprintf(stderr, "causeway-sandbox: %s: %s\n", what, strerror(errno));
    return -1;
}
