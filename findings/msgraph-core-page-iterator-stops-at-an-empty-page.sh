#!/usr/bin/env bash
# PageIterator ends at the first page without objects, though that page names a next one.
#
# Version:   msgraph-core 1.5.2 with msgraph-sdk 1.65.0 (Python)
# Behavior: iterate() takes an empty "value" for the end and does not look at "@odata.nextLink". It raises nothing.
# Seen:      three pages (one user, none, one user): the callback is given one user, the third page is never asked for
# Matters:   Graph says that a page may hold fewer objects than asked for, or none, and that only a missing nextLink is the end;
#            delta queries answer with such pages. A program that takes the result for the whole tenant creates what exists
#            already, or deletes what it did not see.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msgraph-sdk==1.65.0 msgraph-core==1.5.2 microsoft-kiota-abstractions==1.16.0 \
    microsoft-kiota-http==1.16.0 microsoft-kiota-serialization-json==1.16.0

"$work/venv/bin/python" - <<'PY'
import asyncio
import sys

import httpx
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph import GraphServiceClient
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core.tasks.page_iterator import PageIterator

USERS = "https://graph.microsoft.com/v1.0/users"
PAGES = {
    None: {"value": [{"id": "first"}], "@odata.nextLink": f"{USERS}?$skiptoken=2"},
    "2": {"value": [], "@odata.nextLink": f"{USERS}?$skiptoken=3"},
    "3": {"value": [{"id": "last"}]},
}
asked = []


def answer(request):
    token = request.url.params.get("$skiptoken")
    asked.append(token)
    return httpx.Response(200, json=PAGES[token])


async def main():
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
    found = []
    first_page = await GraphServiceClient(request_adapter=adapter).users.get()
    await PageIterator(first_page, adapter).iterate(lambda user: found.append(user.id) or True)
    print(f"pages asked for: {asked}, users found: {found}")
    if (found, asked) != (["first"], [None, "2"]):
        sys.exit(f"Changed: the iterator no longer stops at the empty page, it found {found} on the pages {asked}.")


asyncio.run(main())
PY
