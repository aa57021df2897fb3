#!/usr/bin/env bash
# A duration that Graph sends is read well, and written back in a form that is no duration to Graph.
#
# Version:   msgraph-sdk 1.65.0 with microsoft-kiota-serialization-json 1.16.0 (Python)
# Behavior: Graph's durations are ISO 8601 ("PT8H"), in answers and in requests. The reader makes a timedelta of it; the writer
#            sends Python's own text of that timedelta.
# Seen:      "P1DT8H" is written back as "1 day, 8:00:00", "PT8H" as "8:00:00"
# Matters:   requests with an expiration (role assignments, access packages) cannot be built with a timedelta, the type that the
#            model declares, and an object that was read cannot be sent again. A server that parses durations leniently hides it.
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

from kiota_serialization_json.json_parse_node import JsonParseNode
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from msgraph.generated.models.expiration_pattern import ExpirationPattern

for duration, expected in [("P1DT8H", "1 day, 8:00:00"), ("PT8H", "8:00:00")]:
    pattern = JsonParseNode({"type": "afterDuration", "duration": duration}).get_object_value(ExpirationPattern)
    writer = JsonSerializationWriter()
    writer.write_object_value(None, pattern)
    written = json.loads(writer.get_serialized_content())["duration"]
    print(f"{duration} is read as {pattern.duration!r} and written as {written!r}")
    if written != expected:
        sys.exit(f"Changed: {duration} is now written as {written!r}, no longer as {expected!r}.")
PY
