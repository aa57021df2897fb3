#!/usr/bin/env bash
# With no retries configured the client repeats a throttled read three times and sleeps as long as the server says, but not a write.
#
# Version:   authentik-client 2026.8.5 with urllib3 2.8.0 (Python)
# Behavior: Configuration.retries is None, which leaves urllib3's own rule in force: an answer of 413, 429 or 503 with a Retry-After
#            is waited for and repeated, for GET, PUT and DELETE. PATCH and POST fail at once.
# Seen:      GET: four requests and then the 429; POST: one request and the 429
# Matters:   a caller with its own retries multiplies them by four, and a long Retry-After holds the thread without a log line.
#            Throttling seems to be dealt with when one tests with a GET, until the first write. configuration.retries = False
#            shows every answer.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
    authentik-client==2026.8.5 pydantic==2.14.4 urllib3==2.8.0

"$work/venv/bin/python" - <<'PY'
import http.server
import json
import sys
import threading

import authentik_client
from authentik_client.models.group_request import GroupRequest

asked = []


class Service(http.server.BaseHTTPRequestHandler):
    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked.append((self.command, json.loads(sent) if sent else None))
        status, headers = 429, {"Retry-After": "1", "Content-Type": "application/json"}
        body = {"detail": "Request was throttled."}
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

configuration = authentik_client.Configuration(host=f"http://127.0.0.1:{server.server_port}/api/v3")
api = authentik_client.CoreApi(authentik_client.ApiClient(configuration))
for what, call, expected in [
    ("reading", lambda: api.core_groups_list(), 4),
    ("creating", lambda: api.core_groups_create(GroupRequest(name="Sales")), 1),
]:
    asked.clear()
    try:
        call()
        outcome = "success"
    except authentik_client.ApiException as error:
        outcome = error.status
    print(f"{what} groups: {len(asked)} request(s), then {outcome}")
    if (outcome, len(asked)) != (429, expected):
        sys.exit(f"Changed: {what} groups now takes {len(asked)} request(s) and ends with {outcome}.")
PY
