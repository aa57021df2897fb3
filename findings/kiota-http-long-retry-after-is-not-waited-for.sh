#!/usr/bin/env bash
# The client gives up at once when the service asks to wait long, and waits longer for "Retry-After: 0" than for 1.
#
# Version:   microsoft-kiota-http 1.16.0, as msgraph-sdk 1.65.0 sets it up (Python)
# Behavior: a Retry-After of 180 seconds or more ends the retries: the caller is handed the 429 at once. A Retry-After of 0 counts
#            as none, so the client's own pause of at least three seconds applies.
# Seen:      1: second request after 1 s; 0: second request after 3 s or more; 180: no second request
# Matters:   a throttled tenant asks for minutes just when the retries are needed most; code that relies on the middleware
#            then fails in the middle of its run. An emulator that answers 0 to keep tests quick makes them slow.
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
from msgraph_core import GraphClientFactory

pauses = []
really_sleep = asyncio.sleep


async def note_pause(seconds, *rest):
    pauses.append(seconds)
    await really_sleep(0)


async def throttled_once(retry_after):
    "The statuses that the service sends, and the pauses that the client makes in between."
    statuses = []
    pauses.clear()

    def answer(request):
        statuses.append(200 if statuses else 429)
        return httpx.Response(statuses[-1], headers={"Retry-After": retry_after}, json={"value": []})

    http = GraphClientFactory.create_with_default_middleware(
        client=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
    try:
        await GraphServiceClient(request_adapter=adapter).users.get()
    except Exception as error:
        print(f"Retry-After {retry_after}: the caller gets {type(error).__name__}")
    print(f"Retry-After {retry_after}: statuses {statuses}, pauses {pauses}")
    return statuses, list(pauses)


async def main():
    asyncio.sleep = note_pause
    if (seen := await throttled_once("1")) != ([429, 200], [1]):
        sys.exit(f"Changed: with Retry-After 1 statuses and pauses are now {seen}.")
    statuses, waited = await throttled_once("0")
    if statuses != [429, 200] or waited[0] < 3:
        sys.exit(f"Changed: with Retry-After 0 the statuses are now {statuses}, the pauses {waited}.")
    if (seen := await throttled_once("180")) != ([429], []):
        sys.exit(f"Changed: with Retry-After 180 statuses and pauses are now {seen}.")


asyncio.run(main())
PY
