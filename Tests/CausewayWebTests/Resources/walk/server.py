"""The server under test, and the objects that a walk creates over the API before the browser opens.

Standard input is a JSON object: `origin`, `password` (of the administrator `root`), `key` (of root's token), `tenant` (the endpoints of an
emulated tenant), `expression` (the mapping of the seed's page), and, where they apply, `setup` (the link of a server without an
administrator), `link` (the file of `causeway open`), `messages` (what no German page says, as regular expressions), `pictures` (a folder
for screenshots), `outlines` (a folder for outlines, see `outline.py`) and `routes` (each page and form of the interface, as
`GET /if/admin/users/{id}/`).
"""

import json
import sys
import time
import urllib.request

_given = json.load(sys.stdin)
ORIGIN, PASSWORD, TENANT, EXPRESSION = (_given[name] for name in ("origin", "password", "tenant", "expression"))
KEY, SETUP, LINK, MESSAGES, PICTURES, ROUTES, OUTLINES = (
    _given.get(name) for name in ("key", "setup", "link", "messages", "pictures", "routes", "outlines")
)

SECRET = "emulated-secret-value"
MAPPING = "email-verified-users of the company"
PROVIDER = "Entra ID provider"


def wait(what, check, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} seconds for {what}")


def api(method, path, body=None):
    """The JSON of an answer; an error answer is an exception."""
    request = urllib.request.Request(ORIGIN + "/api/v3" + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {KEY}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.loads(answer.read() or b"null")


def control(method, path, body):
    """Calls the control endpoint of the tenant."""
    url = f"{TENANT['control_endpoint']}/{path}"
    request = urllib.request.Request(url, method=method, data=json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def hold(writes):
    """From now on, the tenant carries out so many writes and then gives no answer; None ends this."""
    if writes is not None:
        control("POST", "reset-counters", {})
    control("POST", "hold", {"after_writes": writes})


def make_users(count):
    lines = [f"person{number},Person {number},person{number}@company.com" for number in range(count)]
    api("POST", "/causeway/import/", {"users": "\n".join(["username,name,email", *lines])})


def make_user(username, name, email, **further):
    return api("POST", "/core/users/", {"username": username, "name": name, "email": email} | further)["pk"]


def make_group(name, *users):
    return api("POST", "/core/groups/", {"name": name, "users": users})["pk"]


def make_people():
    """The administrator with an address, ada in a verified domain, and bob in one that is not verified."""
    root = api("GET", "/core/users/?username=root")["results"][0]["pk"]
    api("PATCH", f"/core/users/{root}/", {"email": "root@company.com"})
    make_user("ada", "Ada Lovelace", "ada@company.com")
    make_user("bob", "Bob Partner", "bob@partner.test")


def make_mapping():
    return api("POST", "/propertymappings/provider/microsoft_entra/", {"name": MAPPING, "expression": EXPRESSION})["pk"]


def make_unassigned(**settings):
    """A provider with the seed's mapping and no application."""
    groups = api("GET", "/propertymappings/provider/microsoft_entra/?managed=goauthentik.io/providers/microsoft_entra/group")["results"]
    body = {"name": PROVIDER, "client_secret": SECRET, "cloud": "custom", "review_first_sync": False}
    body |= {name: TENANT[name] for name in ("client_id", "tenant_id", "login_endpoint", "graph_endpoint")}
    body |= {"property_mappings": [make_mapping()], "property_mappings_group": [group["pk"] for group in groups]}
    return api("POST", "/providers/microsoft_entra/", body | settings)["pk"]


def make_provider(**settings):
    """A provider with the seed's mapping and an application, which makes its first sync due."""
    key = make_unassigned(**settings)
    api("POST", "/core/applications/", {"name": "Entra ID", "slug": "entra-id", "backchannel_providers": [key]})
    return key


def await_state(provider, state):
    wait(f"the state {state}", lambda: api("GET", f"/causeway/providers/{provider}/state/")["state"] == state)


def make_synced(**settings):
    """The people, all linked to accounts of the tenant."""
    make_people()
    provider = make_provider(**settings)
    await_state(provider, "in_sync")
    return provider


def make_waiting():
    """The people, and the plan of a first sync that waits for a person."""
    make_people()
    provider = make_provider(review_first_sync=True)
    await_state(provider, "waiting")
    return provider
