#!/usr/bin/env bash
# Up to 1.3.0 the first retries end in an AttributeError, and after some three seconds of waiting nothing is retried any more.
#
# Version:   microsoft-kiota-http 1.3.0 (Python); mended in 1.3.1
# Behavior: the retry middleware sends the request again after part of it has been taken away, which fails. It also takes what it
#            has waited from a budget that all requests of the process share, and never fills it up.
# Seen:      of five requests that are answered 503 with Retry-After: 1, two end in an AttributeError, three get the 503 at once
# Matters:   a throttled write fails with a Python error that names neither the status nor the request, and a process that has run for
#            a while retries nothing, which a short test does not show. A requirement of ">=1.0" lets a lock file keep it: ask for
#            1.3.1 or later.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    microsoft-kiota-http==1.3.0 microsoft-kiota-abstractions==1.3.0 httpx==0.28.1 urllib3==2.8.0

"$work/venv/bin/python" - <<'PY'
import asyncio
import sys

import httpx
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.serialization import ParseNodeFactoryRegistry, SerializationWriterFactoryRegistry
from kiota_http.httpx_request_adapter import HttpxRequestAdapter
from kiota_http.kiota_client_factory import KiotaClientFactory


def answer(request):
    return httpx.Response(200 if "Retry-Attempt" in request.headers else 503, headers={"Retry-After": "1"})


async def outcome(adapter):
    request = RequestInformation(Method.DELETE)
    request.url = "https://graph.microsoft.com/v1.0/users/mina"
    try:
        await adapter.send_no_response_content_async(request, {})
        return "deleted"
    except Exception as error:
        return getattr(error, "response_status_code", None) or type(error).__name__


async def main():
    http = KiotaClientFactory.create_with_default_middleware(httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    adapter = HttpxRequestAdapter(AnonymousAuthenticationProvider(), ParseNodeFactoryRegistry(),
                                  SerializationWriterFactoryRegistry(), http)
    outcomes = [await outcome(adapter) for _ in range(5)]
    print(f"five requests end with {outcomes}")
    if outcomes != ["AttributeError", "AttributeError", 503, 503, 503]:
        sys.exit(f"Changed: the five requests now end with {outcomes}.")


asyncio.run(main())
PY
