"""The routes of the interface, and which of them a walk has used."""

import urllib.parse

from walk.server import ORIGIN, ROUTES


def of(method):
    """The patterns of a method, those with words before those with values, as the server tries them."""
    patterns = [route.split(" ", 1)[1] for route in ROUTES if route.startswith(method + " ")]
    return sorted(patterns, key=lambda pattern: [part.startswith("{") for part in parts(pattern)])


def parts(path):
    return [part for part in path.split("/") if part]


def pattern(method, address):
    """The pattern of an address; None for an address of nothing."""
    given = parts(urllib.parse.urlsplit(address).path)
    for one in of(method):
        wanted = parts(one)
        if len(wanted) == len(given) and all(w.startswith("{") or w == g for w, g in zip(wanted, given)):
            return one
    return None


class Used:
    """Notes the routes of a method that pages of a browser use."""

    def __init__(self, method):
        self.method, self.patterns = method, set()

    def watch(self, context):
        context.on("request", self.note)

    def note(self, request):
        if request.method == self.method and request.url.startswith(ORIGIN) and request.is_navigation_request():
            self.patterns.add(pattern(self.method, request.url))

    def check(self, *others):
        """Every route was used, or is one of others, which other walks use."""
        missing = sorted(set(of(self.method)) - self.patterns - set(others))
        assert not missing, f"nothing uses {self.method} of {missing}"
