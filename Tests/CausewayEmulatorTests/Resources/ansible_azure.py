"""Uses an emulated tenant through the modules of Ansible's collection azure.azcollection, which know Microsoft's names alone.

The tenant's endpoints are the first argument; SSL_CERT_FILE and REQUESTS_CA_BUNDLE name its certificate. Ansible stands beside the
interpreter, and keeps its files in a folder of the run. Every call is one run of one module on this machine.
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
ENVIRONMENT = os.environ | {
    "HTTPS_PROXY": microsoft_names.start(endpoints),
    "ANSIBLE_HOME": str(pathlib.Path(os.environ["HOME"]) / "ansible"),
    "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
    "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
    "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    "AZURE_CLIENT_ID": endpoints["client_id"],
    "AZURE_SECRET": "emulated-secret-value",
    "AZURE_TENANT": endpoints["tenant_id"],
    "LC_ALL": "C.UTF-8",
}


class Failed(Exception):
    pass


def run(module, cloud="AzureCloud", **arguments):
    """What a module answers."""
    program = str(pathlib.Path(sys.executable).parent / "ansible")
    name = f"azure.azcollection.azure_rm_ad{module}"
    call = [program, "localhost", "--connection", "local", "--module-name", name]
    if arguments:
        call += ["--args", json.dumps(arguments)]
    process = subprocess.run(call, env=ENVIRONMENT | {"AZURE_CLOUD_ENVIRONMENT": cloud}, capture_output=True, text=True, timeout=300)
    try:
        answer = json.loads(process.stdout)["plays"][0]["tasks"][0]["hosts"]["localhost"]
    except (ValueError, LookupError):
        raise Failed(process.stdout + process.stderr) from None
    if answer.get("failed"):
        raise Failed(answer["msg"])
    return answer


def failed(call, words, what):
    try:
        call()
    except Failed as failure:
        checks.true(words in str(failure), f"{what}: {failure}")
    else:
        checks.true(False, f"{what}: did not fail")


def make_user(name, **further):
    required = {"account_enabled": True, "display_name": name, "mail_nickname": name, "password_profile": PASSWORD}
    return run("user", user_principal_name=f"{name}@company.com", **required, **further)


def users():
    made = make_user("alice", given_name="Alice", usage_location="AT")
    checks.equal((made["changed"], made["ad_user"]["display_name"]), (True, "alice"), "user made")
    key = made["ad_user"]["object_id"]
    same = run("user", user_principal_name="alice@company.com", display_name="alice", usage_location="AT")
    checks.equal((same["changed"], same["ad_user"]["object_id"]), (False, key), "user that is already so")
    changed = run("user", object_id=key, display_name="Alice L", account_enabled=False)
    found = (changed["changed"], changed["ad_user"]["display_name"], changed["ad_user"]["account_enabled"])
    checks.equal(found, (True, "Alice L", False), "changed user")
    extension = run("user", object_id=key, on_premises_extension_attributes={"extension_attribute1": "one"})
    checks.equal(extension["ad_user"]["on_premises_extension_attributes"], {"extension_attribute1": "one"}, "extension attribute")
    by_filter = run("user_info", odata_filter="startswith(displayName,'Alice')")["ad_users"]
    checks.equal([user["object_id"] for user in by_filter], [key], "users by a filter")
    by_attribute = run("user_info", attribute_name="mailNickname", attribute_value="alice")["ad_users"]
    checks.equal([user["given_name"] for user in by_attribute], ["Alice"], "users by an attribute")
    government = run("user_info", cloud="AzureUSGovernment", object_id=key)["ad_users"]
    checks.equal([user["object_id"] for user in government], [key], "user under the names of another cloud")
    failed(lambda: run("user_info", object_id="nobody@company.com"), "does not exist", "user that does not exist")
    return key, make_user("ben")["ad_user"]["object_id"]


def groups(first, second):
    names = {"display_name": "team", "mail_nickname": "team"}
    made = run("group", **names, description="Team")
    checks.equal((made["changed"], made["description"], made["security_enabled"]), (True, "Team", True), "group made")
    checks.equal(run("group", **names)["changed"], False, "group that is already so")
    group = made["object_id"]
    checks.equal(run("group", object_id=group, description="Other")["description"], "Other", "changed group")
    added = run("group", **names, present_members=[first, second], present_owners=[second])
    checks.equal({member["object_id"] for member in added["group_members"]}, {first, second}, "members")
    checks.equal([owner["object_id"] for owner in added["group_owners"]], [second], "owners")
    checks.equal(run("group", **names, present_members=[first, second])["changed"], False, "members that are already there")
    removed = run("group", **names, absent_members=[second])
    checks.equal([member["object_id"] for member in removed["group_members"]], [first], "members after a removal")
    raw = run("group", **names, present_members=[first], raw_membership=True)
    checks.equal([member["object_id"] for member in raw["group_members"]], [first], "members that are expanded")
    outer = run("group", display_name="outer", mail_nickname="outer", present_members=[group])["object_id"]
    [info] = run("group_info", object_id=group, return_owners=True, return_group_members=True)["ad_groups"]
    found = [member["user_principal_name"] for member in info["group_members"]], [owner["object_id"] for owner in info["group_owners"]]
    checks.equal(found, (["alice@company.com"], [second]), "members and owners of a group")
    every = {item["object_id"] for item in run("group_info", all=True)["ad_groups"]}
    checks.equal(every, {group, outer}, "all groups")
    checks.equal(run("group", **names, state="absent")["changed"], True, "group deleted")
    checks.equal(run("group", **names, state="absent")["changed"], False, "group deleted again")


def service_principals():
    [own] = run("serviceprincipal_info")["service_principals"]
    checks.equal((own["app_id"], own["service_principal_type"]), (endpoints["client_id"], "Application"), "service principals")
    [again] = run("serviceprincipal_info", object_id=own["object_id"])["service_principals"]
    checks.equal(again["app_id"], endpoints["client_id"], "service principal by its id")


def pages():
    def person(name):
        required = {"accountEnabled": True, "passwordProfile": {"password": PASSWORD}}
        return required | {"displayName": name, "mailNickname": name, "userPrincipalName": f"{name}@company.com"}

    control.send("POST", "seed", {"users": [person(f"page{number:03}") for number in range(250)]})
    listed = [user["object_id"] for user in run("user_info", all=True)["ad_users"]]
    checks.equal((len(listed), len(set(listed))), (252, 252), "users of three pages")


def throttling(user):
    rule = {"kind": "throttled_without_retry_after", "operation": "PATCH /users/{id}", "count": 1, "retry_after": 1}
    changed, met, seconds = control.with_fault(rule, lambda: run("user", object_id=user, display_name="Alice"))
    checks.equal((met, seconds >= 1, changed["ad_user"]["display_name"]), (1, True, "Alice"), f"429 met, and waited for in {seconds} s")
    deleted = run("user", user_principal_name="alice@company.com", state="absent")
    checks.equal(deleted["changed"], True, "user deleted")
    checks.equal(control.send("GET", "state")["deleted"] > 0, True, "the bin")


def everything():
    first, second = users()
    groups(first, second)
    service_principals()
    pages()
    throttling(first)


try:
    everything()
except Exception as problem:
    checks.failed("everything", problem)
checks.report()
