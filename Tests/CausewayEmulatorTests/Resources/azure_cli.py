"""Uses an emulated tenant through the Azure CLI: once in a cloud of its own that names the tenant, once in the CLI's own cloud, under
Microsoft's names.

The tenant's endpoints are the first argument; REQUESTS_CA_BUNDLE names its certificate. The CLI stands beside the interpreter, and keeps
its files in a folder of the run.
"""

import json
import os
import pathlib
import subprocess
import sys

import microsoft_names
from client_checks import Checks, Control

endpoints = json.loads(sys.argv[1])
checks, control = Checks(), Control(endpoints)
PASSWORD = "Aa1!long-enough-for-all"
HERE = {name: f"{endpoints['login_endpoint']}{path}" for name, path in (("login", ""), ("graph", "/"))}


class Refused(Exception):
    pass


class AzureCLI:
    """The CLI with a folder of its own."""

    def __init__(self, folder, environment):
        self.program = str(pathlib.Path(sys.executable).parent / "az")
        own = {"AZURE_CONFIG_DIR": folder, "AZURE_CORE_COLLECT_TELEMETRY": "false", "AZURE_CORE_NO_COLOR": "true"}
        self.environment = os.environ | own | environment

    def __call__(self, *arguments):
        run = subprocess.run([self.program, *arguments], env=self.environment, capture_output=True, text=True, timeout=300)
        if run.returncode != 0:
            raise Refused(run.stderr)
        return json.loads(run.stdout or "null")

    def register_cloud(self):
        self(
            "cloud", "register", "--name", "Tenant", "--skip-endpoint-discovery",
            "--endpoint-active-directory", HERE["login"],
            "--endpoint-resource-manager", HERE["graph"],
            "--endpoint-active-directory-resource-id", HERE["graph"],
            "--endpoint-microsoft-graph-resource-id", HERE["graph"],
        )
        self("cloud", "set", "--name", "Tenant")

    def sign_in(self, secret="emulated-secret-value"):
        """There are no subscriptions to be discovered: the resource manager does not exist."""
        return self(
            "login", "--service-principal", "--skip-subscription-discovery", "--tenant", endpoints["tenant_id"],
            "--username", endpoints["client_id"], "--password", secret,
        )


def refused(call, words, what):
    try:
        call()
    except Refused as refusal:
        checks.true(words in str(refusal), f"{what}: {refusal}")
    else:
        checks.true(False, f"{what}: was not refused")


def ids(listed):
    return {item["id"] for item in listed}


def own_cloud(folder):
    az = AzureCLI(folder, {"AZURE_CORE_INSTANCE_DISCOVERY": "false"})
    az.register_cloud()
    [account] = az.sign_in()
    checks.equal((account["tenantId"], account["user"]["name"]), (endpoints["tenant_id"], endpoints["client_id"]), "account")
    return az


def users(az):
    made = az("ad", "user", "create", "--display-name", "alice", "--password", PASSWORD, "--user-principal-name", "alice@company.com")
    checks.equal(made["userPrincipalName"], "alice@company.com", "user made")
    again = ("ad", "user", "create", "--display-name", "alice", "--password", PASSWORD, "--user-principal-name", "alice@company.com")
    refused(lambda: az(*again), "same value for property userPrincipalName", "second user of one name")
    az("ad", "user", "update", "--id", made["id"], "--display-name", "Alice L", "--account-enabled", "false")
    checks.equal(az("ad", "user", "show", "--id", "alice@company.com")["displayName"], "Alice L", "changed user, by name")
    found = az("ad", "user", "list", "--filter", "startswith(displayName,'Alice') and accountEnabled eq false")
    checks.equal(ids(found), {made["id"]}, "users by a filter")
    checks.equal(ids(az("ad", "user", "list", "--upn", "alice@company.com")), {made["id"]}, "users by their name")
    refused(lambda: az("ad", "user", "show", "--id", "nobody@company.com"), "does not exist", "user that does not exist")
    return made["id"]


def groups(az, user):
    group = az("ad", "group", "create", "--display-name", "team", "--mail-nickname", "team", "--description", "Team")["id"]
    again = az("ad", "group", "create", "--display-name", "team", "--mail-nickname", "team")["id"]
    checks.equal(again, group, "group made again, which the client finds by its name")
    checks.equal(az("ad", "group", "show", "--group", "team")["description"], "Team", "group by name")
    checks.equal(az("ad", "group", "member", "check", "--group", "team", "--member-id", user), {"value": False}, "no member")
    az("ad", "group", "member", "add", "--group", "team", "--member-id", user)
    refused(lambda: az("ad", "group", "member", "add", "--group", "team", "--member-id", user), "already exist", "member added twice")
    checks.equal(az("ad", "group", "member", "check", "--group", "team", "--member-id", user), {"value": True}, "member")
    checks.equal(ids(az("ad", "group", "member", "list", "--group", "team")), {user}, "members")
    checks.equal(ids(az("ad", "user", "get-member-groups", "--id", user)), {group}, "groups of a user")
    inner = az("ad", "group", "create", "--display-name", "inner", "--mail-nickname", "inner")["id"]
    az("ad", "group", "member", "add", "--group", group, "--member-id", inner)
    checks.equal(az("ad", "group", "get-member-groups", "--group", "inner"), [group], "groups of a group")
    az("ad", "group", "member", "remove", "--group", "team", "--member-id", user)
    checks.equal(ids(az("ad", "group", "member", "list", "--group", "team")), {inner}, "members after a removal")
    az("ad", "group", "owner", "add", "--group", "team", "--owner-object-id", user)
    checks.equal(ids(az("ad", "group", "owner", "list", "--group", "team")), {user}, "owners")
    second = az("ad", "user", "create", "--display-name", "ben", "--password", PASSWORD, "--user-principal-name", "ben@company.com")["id"]
    az("ad", "group", "owner", "add", "--group", "team", "--owner-object-id", second)
    az("ad", "group", "owner", "remove", "--group", "team", "--owner-object-id", user)
    checks.equal(ids(az("ad", "group", "owner", "list", "--group", "team")), {second}, "owners after a removal")
    checks.equal(ids(az("ad", "group", "list", "--filter", "startswith(displayName,'in')")), {inner}, "groups by a filter")
    az("ad", "group", "delete", "--group", "inner")
    refused(lambda: az("ad", "group", "show", "--group", inner), "does not exist", "deleted group")
    return inner


def service_principals(az):
    [own] = az("ad", "sp", "list", "--filter", f"appId eq '{endpoints['client_id']}'")
    checks.equal(own["servicePrincipalType"], "Application", "service principal of the client itself")
    checks.equal(az("ad", "sp", "show", "--id", endpoints["client_id"])["id"], own["id"], "service principal by its application")


def rest(az, user, group):
    az("ad", "user", "delete", "--id", user)
    found = az("rest", "--url", "/v1.0/directory/deletedItems/microsoft.graph.user")["value"]
    checks.equal(ids(found), {user}, "deleted users")
    az("rest", "--method", "post", "--url", f"/v1.0/directory/deletedItems/{user}/restore")
    checks.equal(az("ad", "user", "show", "--id", user)["displayName"], "Alice L", "restored user")
    az("rest", "--method", "delete", "--url", f"/v1.0/directory/deletedItems/{group}")
    refused(
        lambda: az("rest", "--method", "post", "--url", f"/v1.0/directory/deletedItems/{group}/restore"),
        "Request_ResourceNotFound",
        "purged group",
    )
    link = az("rest", "--url", "/v1.0/users/delta?$select=id,jobTitle")["@odata.deltaLink"]
    body = json.dumps({"jobTitle": "Doctor"})
    az("rest", "--method", "patch", "--url", f"/v1.0/users/{user}", "--body", body)
    changes = az("rest", "--url", link)["value"]
    checks.equal([(item["id"], item["jobTitle"]) for item in changes], [(user, "Doctor")], "delta")
    entries = [{"id": "1", "method": "GET", "url": f"/users/{user}"}, {"id": "2", "method": "GET", "url": "/users/nobody@company.com"}]
    answers = az("rest", "--method", "post", "--url", "/v1.0/$batch", "--body", json.dumps({"requests": entries}))["responses"]
    checks.equal({entry["id"]: entry["status"] for entry in answers}, {"1": 200, "2": 404}, "statuses of a batch")


def pages(az):
    def person(name):
        required = {"accountEnabled": True, "passwordProfile": {"password": PASSWORD}}
        return required | {"displayName": name, "mailNickname": name, "userPrincipalName": f"{name}@company.com"}

    control.send("POST", "seed", {"users": [person(f"page{number:03}") for number in range(250)]})
    listed = az("ad", "user", "list", "--filter", "startswith(displayName,'page')")
    checks.equal(len(ids(listed)), 250, "users of three pages")


def throttling(az):
    rule = {"kind": "throttled_without_retry_after", "operation": "GET /users/{id}", "count": 1, "retry_after": 1}
    show = ("ad", "user", "show", "--id", "ben@company.com")
    control.with_fault(rule, lambda: refused(lambda: az(*show), "Too many requests", "429, which the client does not repeat"))
    checks.equal(az(*show)["displayName"], "ben", "user after the limit")
    control.send("POST", "revoke-tokens")
    refused(lambda: az(*show), "TokenIssuedBeforeRevocationTimestamp", "token that was ended before its time")


def microsoft(folder):
    az = AzureCLI(folder, {"HTTPS_PROXY": microsoft_names.start(endpoints)})
    refused(lambda: az.sign_in(secret="wrong"), "AADSTS7000215", "wrong secret")
    az.sign_in()
    checks.equal(az("ad", "user", "show", "--id", "ben@company.com")["displayName"], "ben", "user under Microsoft's names")
    page = az("rest", "--url", "https://graph.microsoft.com/v1.0/users?$top=1")
    checks.true(page["@odata.nextLink"].startswith("https://graph.microsoft.com/v1.0/users"), "link bears the name that was asked")


def everything():
    folder = pathlib.Path(os.environ["HOME"])
    az = own_cloud(str(folder / "own"))
    user = users(az)
    group = groups(az, user)
    service_principals(az)
    rest(az, user, group)
    pages(az)
    throttling(az)
    microsoft(str(folder / "microsoft"))


try:
    everything()
except Exception as problem:
    checks.failed("everything", problem)
checks.report()
