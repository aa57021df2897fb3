#!/usr/bin/env bash
# The batch helper takes the order of the requests (depends_on) and sends it under a name that Graph does not know.
#
# Version:   msgraph-core 1.5.2 (Python)
# Behavior: BatchRequestItem(depends_on=[...]) checks that the other request is there, and then writes "depends_on". The property of
#            a JSON batch is "dependsOn"; the helper never writes it.
# Seen:      {"id": "2", ..., "depends_on": ["1"]}
# Matters:   without dependsOn the service may carry out the requests of a batch in any order, and the second one also when the first
#            failed. A service that happens to work through them in order hides it.
# Also:      the module needs the package "Deprecated", which msgraph-core does not declare; it is installed here by hand.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msgraph-core==1.5.2 microsoft-kiota-abstractions==1.16.0 \
    microsoft-kiota-http==1.16.0 microsoft-kiota-serialization-json==1.16.0 Deprecated==1.3.1

"$work/venv/bin/python" - <<'PY'
import json
import sys

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem


def item(method, url, **options):
    request = RequestInformation(method=method)
    request.url = url
    return BatchRequestItem(request, **options)


first = item(Method.DELETE, "https://graph.microsoft.com/v1.0/groups/sales", id="1")
second = item(Method.GET, "https://graph.microsoft.com/v1.0/groups", id="2", depends_on=[first])
batch = BatchRequestContent()
batch.add_request("1", first)
batch.add_request("2", second)

writer = JsonSerializationWriter()
writer.write_object_value(None, batch)
sent = json.loads(writer.get_serialized_content())["requests"][1]
print(json.dumps(sent))
if "dependsOn" in sent or sent.get("depends_on") != ["1"]:
    sys.exit(f"Changed: the second request is now sent as {json.dumps(sent)}.")
PY
