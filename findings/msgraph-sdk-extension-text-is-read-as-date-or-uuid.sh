#!/usr/bin/env bash
# Text in a directory extension that looks like a date or a UUID is not read as text, and is written back differently.
#
# Version:   msgraph-sdk 1.65.0 with microsoft-kiota-serialization-json 1.16.0 (Python)
# Behavior: properties that the model does not declare (extension_<app>_<name>, schema extensions) land in additional_data. There,
#            text of the form YYYY-MM-DD becomes a datetime, and text of the form of a UUID a UUID, whatever type the extension has.
# Seen:      "2026-01-31" is written back as "2026-01-31T00:00:00", "AB00CDEF-…" as "ab00cdef-…"
# Matters:   reading a user and writing the same values changes them. A comparison of "is" with "shall be" finds a difference for
#            ever, and a badge number of 36 characters in upper case no longer matches what another system holds.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msgraph-sdk==1.65.0 msgraph-core==1.5.2 microsoft-kiota-abstractions==1.16.0 \
    microsoft-kiota-http==1.16.0 microsoft-kiota-serialization-json==1.16.0

"$work/venv/bin/python" - <<'PY'
import asyncio
import json
import sys

import httpx
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph import GraphServiceClient
from msgraph.generated.models.user import User
from msgraph.graph_request_adapter import GraphRequestAdapter

APP = "extension_0123456789abcdef0123456789abcdef"
STORED = {f"{APP}_contract": "2026-01-31", f"{APP}_badge": "AB00CDEF-0000-4000-8000-000000000001", f"{APP}_desk": "12-B"}
EXPECTED = {
    f"{APP}_contract": "2026-01-31T00:00:00",
    f"{APP}_badge": "ab00cdef-0000-4000-8000-000000000001",
    f"{APP}_desk": "12-B",
}
written = []


def answer(request):
    if request.method == "PATCH":
        written.append(json.loads(request.content))
        return httpx.Response(204)
    return httpx.Response(200, json={"id": "mina", **STORED})


async def main():
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
    mina = GraphServiceClient(request_adapter=adapter).users.by_user_id("mina")
    extensions = (await mina.get()).additional_data
    await mina.patch(User(additional_data=extensions))
    body = {name: value for name, value in written[0].items() if name.startswith(APP)}
    for name, value in STORED.items():
        print(f"{name}: stored {value!r}, read {extensions[name]!r}, written back {body[name]!r}")
    if body != EXPECTED:
        sys.exit(f"Changed: the extensions are now written back as {json.dumps(body)}.")


asyncio.run(main())
PY
