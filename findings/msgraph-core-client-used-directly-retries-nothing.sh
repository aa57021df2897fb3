#!/usr/bin/env bash
# The HTTP client that GraphClientFactory builds "with default middleware" runs none of it when it is used as an HTTP client.
#
# Version:   msgraph-core 1.5.2 with microsoft-kiota-http 1.16.0 (Python)
# Behavior: the middleware (retries, redirects, telemetry) acts only on requests that carry Kiota's request options. Those are set by
#            the SDK's own request adapter; http.get() and http.post() go straight to the network.
# Seen:      of two answers, 429 with Retry-After: 1 and 200, the caller of http.get() gets the first
# Matters:   the client is handed out for the calls that the SDK has no method for. They look as if throttling were dealt with,
#            and fail at the first 429.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msgraph-core==1.5.2 microsoft-kiota-http==1.16.0 microsoft-kiota-abstractions==1.16.0 httpx==0.28.1

"$work/venv/bin/python" - <<'PY'
import asyncio
import sys

import httpx
from msgraph_core import GraphClientFactory

statuses = []


def answer(request):
    statuses.append(200 if statuses else 429)
    return httpx.Response(statuses[-1], headers={"Retry-After": "1"}, json={"value": []})


async def main():
    http = GraphClientFactory.create_with_default_middleware(
        client=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    response = await http.get("https://graph.microsoft.com/v1.0/users")
    print(f"the caller gets {response.status_code}, the service was asked {len(statuses)} time(s)")
    if (response.status_code, statuses) != (429, [429]):
        sys.exit(f"Changed: the caller now gets {response.status_code}, the service answered {statuses}.")


asyncio.run(main())
PY
