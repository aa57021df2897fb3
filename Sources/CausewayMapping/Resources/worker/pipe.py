"""Messages over two pipes. A message is four bytes of length (big endian), eight that its reply repeats, and its contents.

The first message, questions and what is wrong are JSON. Pages and answers come in marshal, a tuple: names, which the rest refers to,
and then the contents. The results of a page go back in marshal too.

A mapping may write to the pipe itself. Then it answers the wrong message sooner or later, and the process is ended.
"""

import json
import marshal
import os

# The number of records in one answer.
PAGE = 500

INPUT = OUTPUT = -1
mark = b""
answers = {}
# The groups of the objects of this page, by their keys.
groups = {}
# What the questions for one object were about: groups without their users, or anything else.
GROUPS, USERS = "groups", "users"
asked = set()


def begin_page(known_groups):
    """Drops the answers of the page before: the directory may have changed."""
    answers.clear()
    groups.clear()
    groups.update(known_groups)


def take_over():
    """Moves the pipes away from standard output, to which a mapping may print."""
    global INPUT, OUTPUT
    INPUT, OUTPUT = os.dup(0), os.dup(1)
    os.close(0)
    os.close(1)


def read_exactly(count):
    parts = []
    while count:
        part = os.read(INPUT, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive():
    global mark
    length = int.from_bytes(read_exactly(4), "big")
    mark = read_exactly(8)
    return read_exactly(length - 8)


def send(data):
    data = (len(data) + 8).to_bytes(4, "big") + mark + data
    while data:
        data = data[os.write(OUTPUT, data):]


def subject(question, details):
    is_about_groups = question in ("parents", "children") or (question == "groups" and "user" not in details)
    return GROUPS if is_about_groups or (question == "find" and details.get("kind") == "Group") else USERS


class QuestionRefused(Exception):
    """The directory refuses to answer, with a reason."""


def ask(question, **details):
    """Asks the directory; the same question is asked once for a page of objects."""
    asked.add(subject(question, details))
    text = json.dumps({"ask": question, **details}, sort_keys=True, default=str)
    if text not in answers:
        send(text.encode())
        answers[text] = receive()
    # Read each time: changes by one object's mapping must not affect the next.
    _, answer = marshal.loads(answers[text])
    if "refused" in answer:
        raise QuestionRefused(answer["refused"])
    return answer["answer"]
