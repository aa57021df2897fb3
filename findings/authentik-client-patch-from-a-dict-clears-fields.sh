#!/usr/bin/env bash
# A PATCH body made with from_dict() or from_json() sends null for fields that were not given, and so clears them.
#
# Version:   authentik-client 2026.8.5 (Python)
# Behavior: from_dict() hands every declared field to the model, the missing ones as None. to_dict(), which makes the body, writes
#            null for each nullable field that was handed over. The constructor does not do that.
# Seen:      from {"name": "Entra ID"}: {"name": "Entra ID", "filter_group": None}; from name="Entra ID": {"name": "Entra ID"}
# Matters:   renaming a Microsoft Entra provider with a dictionary from a file takes its group filter away, so that users outside
#            that group are provisioned, too. Use the constructor: PatchedMicrosoftEntraProviderRequest(**fields).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    authentik-client==2026.8.5 pydantic==2.14.4 urllib3==2.8.0

"$work/venv/bin/python" - <<'PY'
import sys

from authentik_client.models.patched_microsoft_entra_provider_request import PatchedMicrosoftEntraProviderRequest

change = {"name": "Entra ID"}
from_dict = PatchedMicrosoftEntraProviderRequest.from_dict(change).to_dict()
constructed = PatchedMicrosoftEntraProviderRequest(**change).to_dict()
print(f"from_dict sends {from_dict}, the constructor {constructed}")
if constructed != change:
    sys.exit(f"Changed: the constructor now sends {constructed}.")
if from_dict != {"name": "Entra ID", "filter_group": None}:
    sys.exit(f"Changed: from_dict now sends {from_dict}.")
PY
