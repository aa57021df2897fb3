#!/usr/bin/env bash
# A value whose Python type is not the declared one is left out of the request without a word.
#
# Version:   msgraph-sdk 1.65.0 with microsoft-kiota-serialization-json 1.16.0 (Python)
# Behavior: the models check nothing, and the writer leaves out what is not of the declared type: a number in a text property,
#            text in a boolean, a tuple in place of a list. No error, no warning.
# Seen:      of employee_id=42, account_enabled="false" and business_phones=("1",) nothing is sent
# Matters:   values that come from CSV or SQL are often of a neighboring type. The PATCH succeeds, the account stays enabled, the
#            employee number is never written: only a comparison with what Graph then holds shows it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msgraph-sdk==1.65.0 msgraph-core==1.5.2 microsoft-kiota-abstractions==1.16.0 \
    microsoft-kiota-http==1.16.0 microsoft-kiota-serialization-json==1.16.0

"$work/venv/bin/python" - <<'PY'
import json
import sys

from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph import GraphServiceClient
from msgraph.generated.models.user import User
from msgraph.graph_request_adapter import GraphRequestAdapter

client = GraphServiceClient(request_adapter=GraphRequestAdapter(AnonymousAuthenticationProvider()))


def sent(**properties):
    request = client.users.by_user_id("mina").to_patch_request_information(User(**properties))
    body = json.loads(request.content)
    body.pop("@odata.type")
    return body


right = sent(employee_id="42", account_enabled=False, business_phones=["1"])
if right != {"employeeId": "42", "accountEnabled": False, "businessPhones": ["1"]}:
    sys.exit(f"Changed: values of the declared types are now sent as {json.dumps(right)}.")

for name, value in [("employee_id", 42), ("account_enabled", "false"), ("business_phones", ("1",))]:
    body = sent(**{name: value}, department="Sales")
    print(f"{name}={value!r} with department='Sales' sends {json.dumps(body)}")
    if body != {"department": "Sales"}:
        sys.exit(f"Changed: {name}={value!r} is no longer left out, the body is {json.dumps(body)}.")
PY
