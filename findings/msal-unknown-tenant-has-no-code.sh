#!/usr/bin/env bash
# When the tenant does not exist, MSAL drops what Entra says (AADSTS90002) and raises a ValueError about the form of the address.
#
# Version:   msal 1.39.0 (Python)
# Behavior: Entra answers the look-up of an unknown tenant's OpenID configuration with 400 and a body of error, error_description
#            and error_codes. MSAL reads none of it: the constructor of the application raises a plain ValueError.
# Seen:      neither "90002" nor "not found" is in the message; there is no dictionary with the error, as other refusals give
# Matters:   who recognizes refusals by their AADSTS code, as documented, does not recognize a mistyped tenant, and has to wrap
#            the construction, not the request for a token. The message speaks of the format of the address.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msal==1.39.0

"$work/venv/bin/python" - <<'PY'
import json
import sys

import msal

TENANT = "00000000-0000-0000-0000-000000000009"
REFUSAL = {
    "error": "invalid_tenant",
    "error_description": f"AADSTS90002: Tenant '{TENANT}' not found.",
    "error_codes": [90002],
}


class Answer:
    status_code, headers, text = 400, {"Content-Type": "application/json"}, json.dumps(REFUSAL)

    def raise_for_status(self):
        raise RuntimeError(self.status_code)


class Service:
    def get(self, url, **options):
        print(f"asked for {url}")
        return Answer()

    post = get

    def close(self):
        pass


try:
    application = msal.ConfidentialClientApplication(
        "client", client_credential="secret", authority=f"https://login.microsoftonline.com/{TENANT}", http_client=Service())
    sys.exit(f"Changed: the application is made; it answers {application.acquire_token_for_client(['x/.default'])}.")
except ValueError as error:
    print(f"{type(error).__name__}: {error}")
    if type(error) is not ValueError or "90002" in str(error) or "not found" in str(error):
        sys.exit(f"Changed: the error now tells the refusal: {type(error).__name__}: {error}")
PY
