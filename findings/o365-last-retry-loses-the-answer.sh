#!/usr/bin/env bash
# After its retries O365 raises an error without the answer: Graph's error code, request id and Retry-After are gone.
#
# Version:   O365 2.1.10 with requests 2.34.2 (Python)
# Behavior: a GET is repeated three times on 429; then requests.exceptions.RetryError is raised, whose response is None. It is
#            no HTTPError. A POST is not repeated, and raises an HTTPError with the answer.
# Seen:      GET: four requests, RetryError, no response; POST: one request, HTTPError, response 429
# Matters:   `except HTTPError` catches failed writes and lets failed reads through, and a handler that reads the pause or the request
#            id from error.response fails itself. Writes are not retried, though request_retries is set.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    O365==2.1.10 requests==2.34.2 urllib3==2.8.0

"$work/venv/bin/python" - <<'PY'
import http.server
import json
import logging
import sys
import threading

import requests
from O365.connection import Connection

asked = []


class Service(http.server.BaseHTTPRequestHandler):
    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked.append((self.command, json.loads(sent) if sent else None))
        status, headers = 429, {"Retry-After": "1", "Content-Type": "application/json"}
        body = {"error": {"code": "TooManyRequests", "message": "Slow down.", "innerError": {"request-id": "1"}}}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if body is not None:
            self.wfile.write(json.dumps(body).encode())

    do_GET = do_POST = do_PATCH = answer

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()

logging.disable(logging.CRITICAL)
connection = Connection(("client", "secret"), auth_flow_type="credentials", tenant_id="tenant")
url = f"http://127.0.0.1:{server.server_port}/v1.0/users"
for method, options, expected in [
    ("GET", {}, (4, "RetryError", None)),
    ("POST", {"data": {"displayName": "Mina"}}, (1, "HTTPError", 429)),
]:
    asked.clear()
    try:
        connection.naive_request(url, method, **options)
        seen = (len(asked), None, None)
    except requests.exceptions.RequestException as error:
        seen = (len(asked), type(error).__name__, error.response.status_code if error.response is not None else None)
    print(f"{method}: requests, error, status of its response: {seen}")
    if seen != expected:
        sys.exit(f"Changed: {method} now gives (requests, error, status) {seen}, no longer {expected}.")
PY
