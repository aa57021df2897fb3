"""Counts what the script of a client checks. A check that fails is printed, and the next ones go on."""

import json
import sys
import time
import urllib.request


class Checks:
    def __init__(self):
        self.count = self.failures = 0

    def true(self, is_right, what):
        self.count += 1
        if not is_right:
            self.failures += 1
            print("failed:", what, flush=True)

    def equal(self, found, wanted, what):
        self.true(found == wanted, f"{what}: found {found!r} in place of {wanted!r}")

    def failed(self, section, problem):
        """A section that ended early: what it did not check counts as one failure."""
        self.true(False, f"{section} ended with {type(problem).__name__}: {problem}")

    def report(self):
        print(json.dumps({"checks": self.count, "failures": self.failures}), flush=True)
        sys.exit(1 if self.failures else 0)


class Control:
    """The tenant's own controls, which no client knows."""

    def __init__(self, endpoints):
        self.endpoint = endpoints["control_endpoint"]

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.endpoint}/{path}", method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read() or b"null")

    def with_fault(self, rule, call):
        """Calls while a fault is in place: what came back, how often the fault was met, and the seconds it took."""
        self.send("PUT", "faults", [rule])
        started = time.monotonic()
        answer = call()
        seconds = time.monotonic() - started
        met = self.send("GET", "faults")["met"].get(rule["kind"], 0)
        self.send("PUT", "faults", [])
        return answer, met, seconds
