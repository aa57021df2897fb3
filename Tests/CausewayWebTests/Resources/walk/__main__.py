"""Runs one walk: `python -m walk NAME`, with the server as JSON on standard input (see `server.py`)."""

import importlib
import sys
import traceback

from walk.browser import errors, looked, opened, running_browser

with running_browser() as browser:
    try:
        importlib.import_module(f"walk.{sys.argv[1]}").walk(browser)
    except BaseException:
        # The reason comes first: a log that is cut keeps its beginning.
        traceback.print_exc()
        print(*errors, sep="\n", file=sys.stderr)
        for page in opened:
            if not page.is_closed():
                print(f"at {page.url}:\n{page.inner_text('body')[:3000]}", file=sys.stderr)
        sys.exit(1)

assert not errors, "\n".join(errors)
print(f"looked at {len(looked)} pages: {', '.join(looked)}")
