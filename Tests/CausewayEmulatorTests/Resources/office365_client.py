"""Uses an emulated tenant through Office365-REST-Python-Client, which knows Microsoft's names alone.

The tenant's endpoints are the first argument; REQUESTS_CA_BUNDLE names its certificate.
"""

import json
import os
import sys

import microsoft_names
from client_checks import Checks, Control

endpoints = json.loads(sys.argv[1])
os.environ |= {"HTTPS_PROXY": microsoft_names.start(endpoints), "NO_PROXY": "127.0.0.1"}

from office365.azure_env import AzureEnvironment
from office365.directory.groups.group import Group
from office365.directory.users.password_profile import PasswordProfile
from office365.directory.users.profile import UserProfile
from office365.directory.users.user import User
from office365.graph_client import GraphClient
from office365.runtime.client_request_exception import ClientRequestException
from office365.runtime.retry import retry_after_delay

checks, control = Checks(), Control(endpoints)


def client(environment=AzureEnvironment.Global, secret="emulated-secret-value"):
    return GraphClient(tenant=endpoints["tenant_id"], environment=environment).with_client_secret(endpoints["client_id"], secret)


graph = client()


def profile(name):
    password = PasswordProfile(password="Aa1!long-enough-for-all", forceChangePasswordNextSignIn=False)
    return UserProfile(
        userPrincipalName=f"{name}@company.com", mailNickname=name, displayName=name, accountEnabled=True, passwordProfile=password
    )


def make_users(*names):
    made = [graph.users.add(profile(name)).execute_query() for name in names]
    return [user.id for user in made]


def make_group(name, description=None):
    return graph.groups.create_security(name, description).execute_query().id


def ids(collection):
    return {item.id for item in collection.get().execute_query()}


def refused(query, status, what):
    try:
        query().execute_query()
    except ClientRequestException as refusal:
        checks.equal(refusal.response.status_code, status, what)
        return refusal
    checks.true(False, f"{what}: was not refused")


def signing_in():
    for environment in (AzureEnvironment.Global, AzureEnvironment.USGovernment, AzureEnvironment.China):
        organization = client(environment).organization.get().execute_query()[0]
        checks.equal(organization.id, endpoints["tenant_id"], f"organization, {environment.value}")
    try:
        client(secret="wrong").users.get().execute_query()
        checks.true(False, "wrong secret: was not refused")
    except Exception as refusal:
        checks.true("AADSTS7000215" in str(refusal), f"words for a wrong secret: {refusal}")


def users():
    made = graph.users.add(profile("alice")).execute_query()
    checks.equal(made.user_principal_name, "alice@company.com", "user made")
    refusal = refused(lambda: graph.users.add(profile("alice")), 400, "second user of one name")
    checks.equal(refusal.code, "Request_BadRequest", "code of the conflict")
    user = graph.users[made.id]
    user.update_properties(jobTitle="Doctor", department="Ward 7", accountEnabled=False).execute_query()
    read = graph.users[made.id].select(["id", "jobTitle", "department", "accountEnabled"]).get().execute_query()
    found = [read.properties.get(name) for name in ("jobTitle", "department", "accountEnabled", "displayName")]
    checks.equal(found, ["Doctor", "Ward 7", False, None], "changed user")
    checks.equal(graph.users.get_by_principal_name("alice@company.com").get().execute_query().id, made.id, "user by name")
    checks.equal(ids(graph.users.filter("startswith(displayName,'ali')")), {made.id}, "user by a filter")
    checks.equal(graph.users.find_by_mail("nobody@company.com").execute_query().is_loaded, False, "no user of an address")
    checks.equal(graph.users.count().execute_query().value, len(graph.users.get_all().execute_query()), "count of the users")
    refused(lambda: graph.users["nobody@company.com"].get(), 404, "user that does not exist")
    refused(lambda: graph.users[made.id].update_properties(department=""), 400, "empty text")


def pages():
    made = set(make_users(*(f"page{number}" for number in range(25))))
    found = graph.users.filter("startswith(mailNickname,'page')").get_all(page_size=10).execute_query()
    checks.equal({user.id for user in found}, made, "users read page by page")


def members_and_owners():
    first, second, third = make_users("gina", "hans", "ivan")
    inner, outer = make_group("inner"), make_group("outer", "Team")
    group = graph.groups[outer]
    checks.equal(graph.groups.find_by_name("outer").execute_query().description, "Team", "group by name")
    for member in (graph.users[first], graph.users[second], graph.groups[inner]):
        group.members.add(member)
        graph.execute_query()
    listed = {(member.id, type(member)) for member in graph.groups[outer].members.get().execute_query()}
    checks.equal(listed, {(first, User), (second, User), (inner, Group)}, "members and their types")
    again = graph.groups[outer].members
    again.add(graph.users[first])
    refusal = refused(lambda: again, 400, "member added twice")
    checks.true(refusal is not None and "already exist" in refusal.message, "words of the refusal")
    graph.groups[inner].members.add(graph.users[third])
    graph.execute_query()
    checks.equal(ids(graph.groups[outer].transitive_members), {first, second, third, inner}, "members of members")
    graph.groups[outer].members.remove(second).execute_query()
    checks.equal(ids(graph.groups[outer].members), {first, inner}, "members after a removal")
    refused(lambda: graph.groups[outer].members.remove(second), 404, "member removed twice")
    graph.groups[outer].owners.add(graph.users[third])
    graph.execute_query()
    checks.equal(ids(graph.groups[outer].owners), {third}, "owners")
    checks.equal(ids(graph.users[first].member_of), {outer}, "groups of a user")
    graph.users[first].assign_manager(third)
    graph.execute_query()
    checks.equal(graph.users[first].manager.get().execute_query().id, third, "manager")
    checks.equal(ids(graph.users[third].direct_reports), {first}, "direct reports")
    graph.users[first].remove_manager().execute_query()
    refused(lambda: graph.users[first].manager.get(), 404, "manager after a removal")
    groups = graph.users[third].get_member_groups().execute_query().value
    checks.equal(set(groups), {inner, outer}, "groups of a user, those of groups too")
    office = graph.groups.create_m365("office").execute_query()
    checks.equal((office.mail_enabled, list(office.group_types)), (True, ["Unified"]), "Microsoft 365 group")


def recycle_bin():
    [user] = make_users("frank")
    group = make_group("closed")
    graph.users[user].delete_object().execute_query()
    graph.groups[group].delete_object().execute_query()
    refused(lambda: graph.users[user].get(), 404, "deleted user")
    graph.users[user].delete_object(ignore_missing=True).execute_query()
    checks.equal((ids(graph.directory.deleted_users), ids(graph.directory.deleted_groups)), ({user}, {group}), "the bin")
    graph.directory.deleted_items()[user].restore().execute_query()
    checks.equal(graph.users[user].get().execute_query().user_principal_name, "frank@company.com", "restored user")
    graph.directory.deleted_items()[group].delete_object().execute_query()
    checks.equal(ids(graph.directory.deleted_groups), set(), "the bin after a purge")
    refused(lambda: graph.directory.deleted_items()[group].restore(), 404, "purged group")


def delta():
    """The first round alone: the client keeps no delta link, so it cannot come back for the changes."""
    control.send("PATCH", "settings", {"delta_page_size": 20})
    made = set(make_users(*(f"delta{number}" for number in range(25))))
    found = [user.id for user in graph.users.delta.select(["id", "jobTitle"]).get_all().execute_query()]
    checks.equal((made <= set(found), len(found)), (True, len(set(found))), "users of the first round, each once")
    group = make_group("delta")
    found = graph.groups.delta.select(["id", "displayName"]).get_all().execute_query()
    checks.equal([item.display_name for item in found if item.id == group], ["delta"], "group of the first round")


def batch():
    for name in ("mia", "noah", "otto"):
        graph.users.add(profile(name))
    graph.execute_batch()
    found = graph.users.filter("displayName in ('mia','noah','otto')").get().execute_query()
    keys = {user.display_name: user.id for user in found}
    checks.equal(set(keys), {"mia", "noah", "otto"}, "users made in a batch")
    read = [graph.users[keys[name]].select(["displayName"]).get() for name in ("noah", "otto")]
    graph.execute_batch()
    checks.equal([user.display_name for user in read], ["noah", "otto"], "users read in a batch")
    with graph.collect_batch_failures() as failures:
        graph.users.add(profile("mia"))
        graph.users.add(profile("pia"))
        graph.execute_batch()
    checks.equal([error.response.status_code for _, error in failures], [400], "refusals in a batch")
    checks.equal(len(graph.users.filter("displayName eq 'pia'").get().execute_query()), 1, "user beside a refusal")
    for name in (f"many{number}" for number in range(45)):
        graph.users.add(profile(name))
    graph.execute_batch()
    found = graph.users.filter("startswith(displayName,'many')").get_all().execute_query()
    checks.equal(len(found), 45, "users made in three batches")
    graph.users[keys["mia"]].update_properties(jobTitle="Doctor")
    graph.users[keys["noah"]].delete_object()
    graph.execute_batch()
    checks.equal(graph.users[keys["mia"]].get().execute_query().properties["jobTitle"], "Doctor", "user changed in a batch")
    checks.equal(keys["noah"] in ids(graph.directory.deleted_users), True, "user deleted in a batch")


def throttling():
    rule = {"kind": "throttled_without_retry_after", "operation": "GET /users/{id}", "count": 1, "retry_after": 1}
    [user] = make_users("quinn")
    read = graph.users[user].get()
    _, met, seconds = control.with_fault(rule, repeat)
    checks.equal((met, seconds >= 1, read.display_name), (1, True, "quinn"), f"429 met, and waited for {seconds} s")
    rule = {"kind": "unavailable", "operation": "PATCH /users/{id}", "count": 1, "retry_after": 1}
    graph.users[user].update_properties(jobTitle="Doctor")
    _, met, seconds = control.with_fault(rule, repeat)
    checks.equal((met, seconds >= 1), (1, True), f"503 met, and waited for {seconds} s")
    again = graph.users[user].select(["jobTitle"]).get().execute_query()
    checks.equal(again.properties["jobTitle"], "Doctor", "value after the retries")
    rule = {"kind": "throttled_without_retry_after", "operation": "POST /users", "count": 1, "retry_after": 1}
    control.send("POST", "reset-counters")
    for name in ("rosa", "sven"):
        graph.users.add(profile(name))
    _, met, seconds = control.with_fault(rule, graph.execute_batch)
    checks.equal((met, seconds >= 1), (1, True), f"429 met for one request of a batch, and waited for {seconds} s")
    checks.equal(len(graph.users.filter("displayName in ('rosa','sven')").get().execute_query()), 2, "users made in that batch")
    checks.equal(control.send("GET", "requests")["repeated_creates"], 0, "creations that were sent again after they had been carried out")


def repeat():
    """As its documentation has it: the server's Retry-After takes the place of the client's own delay."""
    graph.execute_query_retry(failure_callback=lambda _, error: retry_after_delay(error))


for section in (signing_in, users, pages, members_and_owners, recycle_bin, delta, batch, throttling):
    try:
        section()
    except Exception as problem:
        checks.failed(section.__name__, problem)
checks.report()
