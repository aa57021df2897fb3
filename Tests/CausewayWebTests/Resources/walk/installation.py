"""An installation with something on every page: people, nested groups, a synced provider with failures and changes that wait,
another provider that fails, mappings, tokens, events and saved views."""

from walk.server import MAPPING, TENANT, SECRET, api, await_state, make_group, make_synced, make_user, wait

MAPPINGS = "/propertymappings/provider/microsoft_entra/"
PROVIDERS = "/providers/microsoft_entra/"


def make():
    """The addresses of the objects, by what they are."""
    provider = make_synced()
    ada = api("GET", "/core/users/?username=ada")["results"][0]["pk"]
    make_user("eve", "Eve Leaver", "eve@company.com")
    groups = make_groups(ada)
    wait("eve to be linked", lambda: len(links(provider)) == 4)
    await_state(provider, "in_sync")
    make_user("carl", "Carl Without an Address", "")
    await_state(provider, "failing")
    runs = [held_back(provider), other_provider()]
    access()
    made = {"provider": provider, "user": ada, "runs": runs, "groups": groups}
    made |= {"link": link(provider, "users"), "group link": link(provider, "groups")}
    made["mapping"] = named(MAPPINGS, MAPPING)
    made["cause"] = api("GET", f"/causeway/providers/{provider}/failures/")
    made["event"] = api("GET", "/causeway/events/?action=model_updated")["results"][0]["pk"]
    return made


def named(path, name):
    return next(one["pk"] for one in api("GET", f"{path}?page_size=100")["results"] if one["name"] == name)


def links(provider):
    return api("GET", f"/providers/microsoft_entra_users/?provider__id={provider}")["results"]


def link(provider, kind):
    return api("GET", f"/providers/microsoft_entra_{kind}/?provider__id={provider}")["results"][0]["id"]


def make_groups(member):
    outer = make_group("Staff", member)
    inner = api("POST", "/core/groups/", {"name": "Engineering", "parents": [outer], "attributes": {"cost_center": 4711}})["pk"]
    return [outer, inner, api("POST", "/core/groups/", {"name": "Platform Operations", "parents": [inner]})["pk"]]


def held_back(provider):
    """The guard holds back a deletion."""
    api("PATCH", f"{PROVIDERS}{provider}/", {"guard_max_count": 0, "guard_max_percent": 0})
    eve = api("GET", "/core/users/?username=eve")["results"][0]["pk"]
    api("DELETE", f"/core/users/{eve}/")
    return waiting_run(provider)


def waiting_run(provider):
    def found():
        runs = api("GET", f"/causeway/providers/{provider}/runs/")["results"]
        return next((run["pk"] for run in runs if run["status"] == "awaiting_approval"), None)

    return wait("a run that waits", found)


def other_provider():
    """Another provider of the same tenant, whose objects are linked already."""
    settings = {name: TENANT[name] for name in ("client_id", "tenant_id", "login_endpoint", "graph_endpoint")}
    body = {"name": "Contoso Europe with a long name", "client_secret": SECRET, "cloud": "custom"} | settings
    defaults = {"property_mappings": [named(MAPPINGS, MAPPING)]}
    other = api("POST", PROVIDERS, body | defaults)["pk"]
    api("POST", "/core/applications/", {"name": "Europe", "slug": "europe", "backchannel_providers": [other]})
    await_state(other, "failing")
    return api("GET", f"/causeway/providers/{other}/runs/")["results"][0]["pk"]


def access():
    api("POST", "/core/users/service_account/", {"name": "exporter", "create_group": False})
    api("POST", "/core/tokens/", {"identifier": "script", "intent": "api", "description": "The nightly report"})
    api("POST", "/causeway/events/views/", {"name": "All imports", "filter": {"action": "custom_import"}})
    api("POST", "/causeway/import/", {"users": "username,name,email,department\ndora,Dora Field,dora@company.com,Maths\n"})
