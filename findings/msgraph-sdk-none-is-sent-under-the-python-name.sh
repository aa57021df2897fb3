#!/usr/bin/env bash
# A property that is set to None is sent as null under its Python name, which Graph does not know.
#
# Version:   msgraph-sdk 1.65.0 with microsoft-kiota-abstractions 1.16.0 (Python)
# Behavior: `user.job_title = None` makes the body say "job_title": null, not "jobTitle": null. With a name of one word
#            (`city`) the two are the same, so that works. None given to the constructor is left out of the body.
# Seen:      {"job_title": null, ...}, {"city": null, ...}, {...}
# Matters:   who tests the clearing of a property with `city` or `department` believes that it works for all. `jobTitle` is
#            never cleared: the request carries a property that a user does not have. An emulator that overlooks unknown
#            properties hides it. What works: User(additional_data={"jobTitle": None}).
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


def body(user):
    request = client.users.by_user_id("mina").to_patch_request_information(user)
    properties = json.loads(request.content)
    properties.pop("@odata.type")
    return properties


two_words, one_word = User(), User()
two_words.job_title = None
one_word.city = None

for what, seen, expected in [
    ("user.job_title = None", body(two_words), {"job_title": None}),
    ("user.city = None", body(one_word), {"city": None}),
    ("User(job_title=None)", body(User(job_title=None)), {}),
    ("User(additional_data=...)", body(User(additional_data={"jobTitle": None})), {"jobTitle": None}),
]:
    print(f"{what} sends {json.dumps(seen)}")
    if seen != expected:
        sys.exit(f"Changed: {what} now sends {json.dumps(seen)}, no longer {json.dumps(expected)}.")
PY
