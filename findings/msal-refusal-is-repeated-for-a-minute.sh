#!/usr/bin/env bash
# For a minute after a refusal MSAL repeats it from memory, without asking Entra; azure-identity inherits that.
#
# Version:   msal 1.39.0 and azure-identity 1.27.0 on it (Python)
# Behavior: an answer of exactly 400 to a token request is kept for 60 seconds per application object and handed out again for the
#            same request. An answer of 401 is not kept. Entra refuses an application that the tenant does not know (AADSTS700016)
#            with 400, and a wrong secret (AADSTS7000215) with 401.
# Seen:      two calls, one request; the second call returns the first refusal although the service would give a token by then
# Matters:   a loop "try until the new application is known" does not ask again within its minute, and a person who has mended the
#            registration and presses "test" once more sees the old refusal. Make a new application object for each attempt.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    msal==1.39.0 azure-identity==1.27.0 azure-core==1.41.0 requests==2.34.2

"$work/venv/bin/python" - <<'PY'
import json
import logging
import sys

import msal
import requests
from azure.core.pipeline.transport import RequestsTransport, RequestsTransportResponse
from azure.identity import ClientSecretCredential

logging.disable(logging.CRITICAL)
TENANT = "00000000-0000-0000-0000-000000000009"
ISSUER = f"https://login.microsoftonline.com/{TENANT}"
SCOPE = "https://graph.microsoft.com/.default"
CONFIGURATION = {"issuer": f"{ISSUER}/v2.0", "token_endpoint": f"{ISSUER}/oauth2/v2.0/token",
                 "authorization_endpoint": f"{ISSUER}/oauth2/v2.0/authorize"}
REFUSALS = {400: {"error": "unauthorized_client", "error_codes": [700016],
                  "error_description": "AADSTS700016: Application not found in the directory."},
            401: {"error": "invalid_client", "error_codes": [7000215],
                  "error_description": "AADSTS7000215: Invalid client secret provided."}}
TOKEN = {"token_type": "Bearer", "expires_in": 3599, "access_token": "token"}


class Service:
    "Refuses the first request for a token with the given status and grants the next."

    def __init__(self, status):
        self.status, self.requests = status, 0

    def get(self, url, **options):
        status, body = 200, {"metadata": []} if "/discovery/instance" in url else CONFIGURATION
        if url.endswith("/token"):
            self.requests += 1
            status, body = (self.status, REFUSALS[self.status]) if self.requests == 1 else (200, TOKEN)
        response = requests.Response()
        response.status_code, response._content = status, json.dumps(body).encode()
        response.headers["Content-Type"] = "application/json"
        return response

    post = get

    def close(self):
        pass


class Transport(RequestsTransport):
    def __init__(self, service):
        super().__init__()
        self.service = service

    def send(self, request, **options):
        return RequestsTransportResponse(request, self.service.get(request.url))


def with_msal(service):
    application = msal.ConfidentialClientApplication(
        "client", client_credential="secret", authority=ISSUER, http_client=service)
    return ["access_token" in application.acquire_token_for_client([SCOPE]) for _ in range(2)]


def with_azure_identity(service):
    credential = ClientSecretCredential(TENANT, "client", "secret", transport=Transport(service))
    granted = []
    for _ in range(2):
        try:
            granted.append(bool(credential.get_token(SCOPE)))
        except Exception:
            granted.append(False)
    return granted


for library in (with_msal, with_azure_identity):
    for status, expected in [(400, ([False, False], 1)), (401, ([False, True], 2))]:
        service = Service(status)
        seen = (library(service), service.requests)
        print(f"{library.__name__}: after a {status} the two calls are granted {seen[0]}, requests for a token: {seen[1]}")
        if seen != expected:
            sys.exit(f"Changed: {library.__name__} after a {status}: granted {seen[0]} with {seen[1]} request(s).")
PY
