#!/usr/bin/env bash
# PageIterator never has the delta link of a delta query, and keeps the first next link for good.
#
# Version:   msgraph-core 1.5.2 with msgraph-sdk 1.65.0 (Python)
# Behavior: delta_link is looked up once, on the first page, under a name that the SDK's models do not have; the pages read
#            later are not asked for theirs. next_link still names page two when all pages are read.
# Seen:      after both pages of a delta query: delta_link is '', next_link ends in $skiptoken=2. Even an iterator that starts
#            on the last page has no delta link, while that page's model has one (odata_delta_link).
# Matters:   the delta link is where the next round starts. A program that stores it.delta_link stores nothing and reads the whole
#            tenant every time; one that stores next_link reads the last pages again. The callback sees no page, so the
#            pages have to be followed by hand.
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

DELTA = "https://graph.microsoft.com/v1.0/users/delta()"
PAGES = {
    None: {"value": [{"id": "first"}], "@odata.nextLink": f"{DELTA}?$skiptoken=2"},
    "2": {"value": [{"id": "last"}], "@odata.deltaLink": f"{DELTA}?$deltatoken=next-round"},
}


def answer(request):
    return httpx.Response(200, json=PAGES[request.url.params.get("$skiptoken")])


async def main():
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
    delta = GraphServiceClient(request_adapter=adapter).users.delta
    found = []
    pages = PageIterator(await delta.get(), adapter)
    await pages.iterate(lambda user: found.append(user.id) or True)
    last_page = await delta.with_url(f"{DELTA}?$skiptoken=2").get()
    print(f"users: {found}, delta_link: {pages.delta_link!r}, next_link: {pages.next_link!r}")
    print(f"last page: {last_page.odata_delta_link!r}, its iterator: {PageIterator(last_page, adapter).delta_link!r}")

    if found != ["first", "last"] or not last_page.odata_delta_link:
        sys.exit(f"Changed: the delta query itself is read differently: {found}, {last_page.odata_delta_link!r}.")
    if pages.delta_link or PageIterator(last_page, adapter).delta_link:
        sys.exit(f"Changed: the iterator now has a delta link: {pages.delta_link!r}.")
    if pages.next_link != f"{DELTA}?$skiptoken=2":
        sys.exit(f"Changed: after the last page next_link is now {pages.next_link!r}.")


asyncio.run(main())
PY
