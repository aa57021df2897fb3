"""Evaluates property mappings for Causeway: one process, one set of mappings, messages over two pipes.

The first message configures; every later one is a page of objects. These files are sent to the interpreter over its standard
input, so that nothing of Causeway needs to be readable to it.
"""

import ctypes
import json
import marshal
import os
import struct
import sys

import helpers
import imports
import modules
import pipe
import replies
from evaluation import Evaluation


# Closes the sandbox: after this no file can be opened, no process started, whatever a mapping calls, and no memory can be
# made executable.

KEPT_CALLS = {
    "x86_64": (0, 1, 3, 5, 11, 12, 13, 14, 15, 25, 28, 35, 39, 60, 96, 102, 131, 186, 202, 228, 229, 230, 231, 318),
    "aarch64": (57, 62, 63, 64, 80, 94, 98, 101, 113, 114, 115, 132, 134, 135, 139, 169, 172, 174, 178, 214, 215, 216, 233, 93, 278),
}

# mmap and mprotect.
MEMORY_CALLS = {"x86_64": (9, 10), "aarch64": (222, 226)}
PROT_EXEC = 4
REFUSED, ALLOWED = (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000)


def shut_the_door():
    machine = os.uname().machine
    calls = KEPT_CALLS[machine]
    code = [(0x20, 0, 0, 0)]
    for number in MEMORY_CALLS[machine]:
        # The third argument, the protection, is at offset 32.
        code += [(0x15, 0, 4, number), (0x20, 0, 0, 32), (0x45, 0, 1, PROT_EXEC), REFUSED, ALLOWED]
    for place, number in enumerate(calls):
        code.append((0x15, len(calls) - place, 0, number))
    code += [REFUSED, ALLOWED]
    filters = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *entry) for entry in code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filters", ctypes.c_void_p)]

    program = Program(len(code), ctypes.addressof(filters))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the second filter was refused")


def looked_over(mapping, kinds, lint, migration):
    found = lint.look_over(mapping.name, mapping.expression, kinds)
    found["differences"] = migration.differences(mapping.tree, mapping.expression, kinds)
    return found


# Mappings must not find Causeway's own modules.
OWN = (
    "dependence django_text django_time evaluation fields graph_models helpers imports isolation kinds letters lint lookups migration "
    "modules pipe queries reach records replies"
).split()


def main():
    pipe.take_over()
    helpers.listen()
    configuration = json.loads(pipe.receive())
    modules.offer()
    imports.load([m["expression"] for m in configuration["mappings"]])
    imports.close(configuration["types"])
    lint, migration = sys.modules.get("lint"), sys.modules.get("migration")
    for name in OWN:
        sys.modules.pop(name, None)
    evaluation = Evaluation(configuration)
    if configuration["shut"]:
        shut_the_door()
    answer = {"faults": evaluation.faults}
    if lint:
        answer["lint"] = [looked_over(m, configuration["kinds"], lint, migration) for m in evaluation.mappings]
    pipe.send(replies.encoded(answer))
    sys.setrecursionlimit(500)
    evaluation.seal()
    while True:
        _, objects, groups = marshal.loads(pipe.receive())
        pipe.begin_page(groups)
        pipe.send(evaluation.answer(objects))


main()
