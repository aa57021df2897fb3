"""Uses an emulated tenant through O365, which knows Microsoft's names alone.

The client reads users and groups and invites guests; for all else it has its connection, which signs, repeats and reports. The tenant's
endpoints are the first argument; REQUESTS_CA_BUNDLE names its certificate.
"""

import json
import os
import sys

import microsoft_names
from client_checks import Checks, Control

endpoints = json.loads(sys.argv[1])
os.environ |= {"HTTPS_PROXY": microsoft_names.start(endpoints), "NO_PROXY": "127.0.0.1"}

from O365 import Account
from O365.utils.token import MemoryTokenBackend
from requests.exceptions import HTTPError

checks, control = Checks(), Control(endpoints)
GRAPH = "https://graph.microsoft.com/v1.0"


def account(secret="emulated-secret-value"):
    return Account(
        (endpoints["client_id"], secret),
        auth_flow_type="credentials",
        tenant_id=endpoints["tenant_id"],
        token_backend=MemoryTokenBackend(),
    )


microsoft = account()
connection, directory, groups = microsoft.connection, microsoft.directory("users"), microsoft.groups()


def make_user(name, **properties):
    body = {"accountEnabled": True, "displayName": name, "mailNickname": name, "userPrincipalName": f"{name}@company.com"}
    body["passwordProfile"] = {"password": "Aa1!long-enough-for-all"}
    return connection.post(f"{GRAPH}/users", data=body | properties).json()["id"]


def make_group(name, **properties):
    body = {"displayName": name, "mailNickname": name, "mailEnabled": False, "securityEnabled": True}
    return connection.post(f"{GRAPH}/groups", data=body | properties).json()["id"]


def add(group, relation, key):
    connection.post(f"{GRAPH}/groups/{group}/{relation}/$ref", data={"@odata.id": f"{GRAPH}/directoryObjects/{key}"})


def refused(call, status, words, what):
    try:
        call()
    except HTTPError as refusal:
        found = (refusal.response.status_code, words in str(refusal))
        checks.equal(found, (status, True), f"{what}: {refusal}")
    else:
        checks.true(False, f"{what}: was not refused")


def signing_in():
    checks.equal(microsoft.authenticate(), True, "signed in")
    checks.equal(microsoft.is_authenticated, True, "token kept")
    checks.equal(account("wrong").authenticate(), False, "wrong secret")


def users():
    key = make_user("alice", jobTitle="Nurse", givenName="Alice", surname="Liddell", mobilePhone="+43 1 2345")
    user = directory.get_user("alice@company.com")
    found = (user.object_id, user.full_name, user.job_title, user.mobile_phone)
    checks.equal(found, (key, "Alice Liddell", "Nurse", "+43 1 2345"), "user by name")
    query = directory.new_query().select("id", "createdDateTime", "accountEnabled")
    selected = directory.get_user(key, query=query)
    checks.true(selected.created is not None and selected.created.tzinfo is not None, "moment with its zone")
    checks.equal((selected.account_enabled, selected.display_name), (True, None), "selected properties")
    connection.patch(f"{GRAPH}/users/{key}", data={"jobTitle": None, "department": "Ward 7"})
    query = directory.new_query().select("id", "jobTitle", "department")
    changed = directory.get_user(key, query=query)
    checks.equal((changed.job_title, changed.department), (None, "Ward 7"), "changed user")
    refused(lambda: make_user("alice"), 400, "same value for property userPrincipalName", "second user of one name")
    refused(lambda: directory.get_user("nobody@company.com"), 404, "does not exist", "user that does not exist")
    refused(lambda: connection.patch(f"{GRAPH}/users/{key}", data={"department": ""}), 400, "department", "empty text")
    make_user("ben")
    connection.put(f"{GRAPH}/users/ben@company.com/manager/$ref", data={"@odata.id": f"{GRAPH}/users/{key}"})
    checks.equal(directory.get_user_manager("ben@company.com").object_id, key, "manager")
    reports = [user.user_principal_name for user in directory.get_user_direct_reports(key)]
    checks.equal(reports, ["ben@company.com"], "direct reports")


def pages():
    made = {make_user(f"page{number}") for number in range(25)}
    query = "startswith(mailNickname,'page')"
    found = [user.object_id for user in directory.get_users(limit=None, batch=10, query=query)]
    checks.equal((set(found), len(found)), (made, 25), "users read page by page")
    limited = list(directory.get_users(limit=12, batch=10, query=query))
    checks.equal(len(limited), 12, "users up to a limit")
    query = directory.new_query().startswith("displayName", "page1")
    checks.equal(len(list(directory.get_users(query=query))), 11, "users by a query of the client's own")
    ordered = [user.display_name for user in directory.get_users(limit=3, order_by="displayName")]
    checks.equal(ordered, sorted(ordered), "users in order")


def members_and_owners():
    first, second, third = (make_user(name) for name in ("gina", "hans", "ivan"))
    inner, outer = make_group("inner"), make_group("outer", description="Team")
    for key in (first, second, inner):
        add(outer, "members", key)
    add(inner, "members", third)
    add(outer, "owners", third)
    group = groups.get_group_by_id(outer)
    checks.equal((group.display_name, group.description, group.mail), ("outer", "Team", None), "group by its id")
    listed = {(member.object_id, member.type) for member in group.get_group_members()}
    user, kind = "#microsoft.graph.user", "#microsoft.graph.group"
    checks.equal(listed, {(first, user), (second, user), (inner, kind)}, "members and their types")
    deep = {member.object_id for member in group.get_group_members(recursive=True)}
    checks.equal(deep, {first, second, inner, third}, "members of members")
    checks.equal([owner.object_id for owner in group.get_group_owners()], [third], "owners")
    checks.equal([item.object_id for item in groups.get_user_groups(first)], [outer], "groups of a user")
    checks.true({inner, outer} <= {item.object_id for item in groups.list_groups()}, "list of groups")
    refused(lambda: add(outer, "members", first), 400, "already exist", "member added twice")
    connection.delete(f"{GRAPH}/groups/{outer}/members/{first}/$ref")
    checks.equal({member.object_id for member in group.get_group_members()}, {second, inner}, "members after a removal")
    office = make_group("office", mailEnabled=True, securityEnabled=False, groupTypes=["Unified"])
    mail = groups.get_group_by_id(office).mail
    checks.equal(groups.get_group_by_mail(mail).object_id, office, "group by its address")


def recycle_bin():
    key = make_user("frank")
    connection.delete(f"{GRAPH}/users/{key}")
    refused(lambda: directory.get_user(key), 404, "does not exist", "deleted user")
    found = connection.get(f"{GRAPH}/directory/deletedItems/microsoft.graph.user").json()["value"]
    checks.equal([item["id"] for item in found], [key], "the bin")
    connection.post(f"{GRAPH}/directory/deletedItems/{key}/restore")
    checks.equal(directory.get_user(key).user_principal_name, "frank@company.com", "restored user")
    connection.delete(f"{GRAPH}/users/{key}")
    connection.delete(f"{GRAPH}/directory/deletedItems/{key}")
    refused(lambda: connection.post(f"{GRAPH}/directory/deletedItems/{key}/restore"), 404, "does not exist", "purged user")


def delta_round(link):
    changed = {}
    while True:
        answer = connection.get(link).json()
        changed |= {item["id"]: item for item in answer["value"]}
        if "@odata.deltaLink" in answer:
            return changed, answer["@odata.deltaLink"]
        link = answer["@odata.nextLink"]


def delta():
    control.send("PATCH", "settings", {"delta_page_size": 20})
    first, link = delta_round(f"{GRAPH}/users/delta?$select=id,jobTitle")
    checks.true(len(first) > 20 and link.startswith(GRAPH), "the first round, whose link bears the name that was asked")
    key = make_user("late")
    connection.patch(f"{GRAPH}/users/ben@company.com", data={"jobTitle": "Doctor"})
    second, link = delta_round(link)
    checks.equal({item.get("jobTitle") for item in second.values()}, {None, "Doctor"}, "changes of the second round")
    checks.equal((key in second, len(second)), (True, 2), "users of the second round")
    checks.equal(delta_round(link)[0], {}, "users of the third round")


def batch():
    requests = [
        {"id": "good", "method": "GET", "url": "/users/alice@company.com"},
        {"id": "absent", "method": "GET", "url": "/users/nobody@company.com"},
    ]
    answers = connection.post(f"{GRAPH}/$batch", data={"requests": requests}).json()["responses"]
    checks.equal({entry["id"]: entry["status"] for entry in answers}, {"good": 200, "absent": 404}, "statuses of a batch")


def guests():
    invitation = directory.invite_user("guest@outside.example", "https://company.com")
    key = invitation["invitedUser"]["id"]
    query = directory.new_query().select("id", "userType")
    checks.equal(directory.get_user(key, query=query).user_type, "Guest", "invited guest")


def throttling():
    rule = {"kind": "throttled_without_retry_after", "operation": "GET /users/{id}", "count": 2, "retry_after": 1}
    user, met, seconds = control.with_fault(rule, lambda: directory.get_user("alice@company.com"))
    checks.equal((met, seconds >= 2, user.given_name), (2, True, "Alice"), f"429 met, and waited for {seconds} s")
    rule = {"kind": "unavailable", "operation": "POST /users", "count": 1, "retry_after": 1}
    control.send("PUT", "faults", [rule])
    refused(lambda: make_user("quinn"), 503, "", "503 for a creation, which the client does not repeat")
    control.send("PUT", "faults", [])
    refused(lambda: directory.get_user("quinn@company.com"), 404, "does not exist", "user that was not made")
    control.send("POST", "revoke-tokens")
    refused(lambda: directory.get_user("alice@company.com"), 401, "", "token that was ended before its time")


for section in (signing_in, users, pages, members_and_owners, recycle_bin, delta, batch, guests, throttling):
    try:
        section()
    except Exception as problem:
        checks.failed(section.__name__, problem)
checks.report()
