#!/usr/bin/env bash
# A POST that ended in 504 or 503 is sent again: what was created then exists twice.
#
# Version:   microsoft-kiota-http 1.16.0, as msgraph-sdk 1.65.0 sets it up (Python)
# Behavior: the retry middleware that every Graph client gets repeats POST like GET, on 429, 503 and 504. It cannot know whether
#            the first one was carried out.
# Seen:      a service that creates the group and then answers 504 has two groups; the caller sees one
# Matters:   names of groups are not unique in Entra ID: the second one is made without an error, and nobody is told. For users the
#            second POST is refused because of the userPrincipalName, and the caller takes its own account for somebody
#            else's. Who creates objects sets max_retries to 0 for those requests, or looks before the repetition.
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
from msgraph.generated.models.group import Group
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory

groups = []


def answer(request):
    groups.append(json.loads(request.content)["displayName"])
    if len(groups) == 1:
        return httpx.Response(504, json={"error": {"code": "GatewayTimeout", "message": "No answer in time."}})
    return httpx.Response(201, json={"id": str(len(groups)), "displayName": groups[-1]})


async def main():
    http = GraphClientFactory.create_with_default_middleware(
        client=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
    new_group = Group(display_name="Sales", mail_nickname="sales", mail_enabled=False, security_enabled=True)
    try:
        caller = (await GraphServiceClient(request_adapter=adapter).groups.post(new_group)).id
    except Exception as error:
        caller = type(error).__name__
    print(f"the caller sees group {caller}, the service holds {groups}")
    if (caller, groups) != ("2", ["Sales", "Sales"]):
        sys.exit(f"Changed: the POST is no longer sent twice: the caller sees {caller}, the service holds {groups}.")


asyncio.run(main())
PY
