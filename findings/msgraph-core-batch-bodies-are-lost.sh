#!/usr/bin/env bash
# The batch helper throws away the body of every JSON answer, errors included.
#
# Version:   msgraph-core 1.5.2 with microsoft-kiota-serialization-json 1.16.0 (Python)
# Behavior: in the answer to a JSON batch the body of a JSON result is an object. The helper reads bodies as base64 text only and
#            makes None of an object; reading it as a model raises a ValueError that names no cause.
# Seen:      statuses 200 and 404 are there, both bodies are None
# Matters:   of a batch one learns the status codes and nothing else: not the ids of what was created, not the error code that tells
#            "exists already" from "not permitted". A client of one's own for $batch is the way out.
# Also:      the module needs the package "Deprecated", which msgraph-core does not declare; it is installed here by hand.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msgraph-core==1.5.2 microsoft-kiota-abstractions==1.16.0 \
    microsoft-kiota-http==1.16.0 microsoft-kiota-serialization-json==1.16.0 Deprecated==1.3.1

"$work/venv/bin/python" - <<'PY'
import sys

from kiota_serialization_json.json_parse_node import JsonParseNode
from msgraph_core.requests.batch_response_content import BatchResponseContent

JSON = {"Content-Type": "application/json"}
answer = {"responses": [
    {"id": "1", "status": 200, "headers": JSON, "body": {"id": "sales", "displayName": "Sales"}},
    {"id": "2", "status": 404, "headers": JSON,
     "body": {"error": {"code": "Request_ResourceNotFound", "message": "Resource 'x' does not exist."}}},
]}
results = JsonParseNode(answer).get_object_value(BatchResponseContent)
statuses = results.get_response_status_codes()
bodies = [results.get_response_by_id(number).body for number in statuses]
print(f"statuses {statuses}, bodies {bodies}")
if statuses != {"1": 200, "2": 404}:
    sys.exit(f"Changed: the statuses are now read as {statuses}.")
if bodies != [None, None]:
    sys.exit(f"Changed: the helper now keeps bodies: {bodies}.")
PY
