"""Uses an emulated tenant through the first release of Microsoft's Python SDK for Graph, with the libraries of its day.

It signs in with azure-identity, over TLS. The release knows neither batches nor page iterators: a batch is sent as a request of its
own, and pages are followed by their links. The tenant's endpoints are the first argument; SSL_CERT_FILE and REQUESTS_CA_BUNDLE name its
certificate.
"""

import asyncio
import inspect
import json
import sys
import time
import uuid

from azure.identity import ClientSecretCredential
from kiota_abstractions.headers_collection import HeadersCollection
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.group import Group
from msgraph.generated.models.invitation import Invitation
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.reference_update import ReferenceUpdate
from msgraph.generated.models.user import User

from client_checks import Checks, Control

endpoints = json.loads(sys.argv[1])
checks, control = Checks(), Control(endpoints)
NOT_FOUND = (404, "Request_ResourceNotFound")
BAD_REQUEST = (400, "Request_BadRequest")
credential = ClientSecretCredential(
    endpoints["tenant_id"],
    endpoints["client_id"],
    "emulated-secret-value",
    authority=endpoints["login_endpoint"].removeprefix("https://"),
    disable_instance_discovery=True,
)
scopes = ["https://graph.microsoft.com/.default"]
adapter = GraphRequestAdapter(AzureIdentityAuthenticationProvider(credential, scopes=scopes))
adapter.base_url = endpoints["graph_endpoint"]
graph = GraphServiceClient(request_adapter=adapter)
users, groups, deleted = graph.users, graph.groups, graph.directory.deleted_items


def ask(builder, is_eventual=False, **options):
    """A GET with query options, in the classes that the builder has for them."""
    kinds = dict(inspect.getmembers(type(builder), inspect.isclass))
    parameters = next(kind for name, kind in kinds.items() if name.endswith("GetQueryParameters"))
    configuration = next(kind for name, kind in kinds.items() if name.endswith("GetRequestConfiguration"))
    headers = HeadersCollection()
    if is_eventual:
        headers.add("ConsistencyLevel", "eventual")
    return builder.get(configuration(query_parameters=parameters(**options), headers=headers))


def names(name):
    return {"display_name": name, "mail_nickname": name}


def user_model(name, **properties):
    password = PasswordProfile(password=f"Aa1!{uuid.uuid4().hex}")
    required = {"account_enabled": True, "user_principal_name": f"{name}@company.com", "password_profile": password}
    return User(**names(name), **required, **properties)


async def make_users(*wanted, **properties):
    return [user.id for user in await asyncio.gather(*(users.post(user_model(name, **properties)) for name in wanted))]


async def make_group(name, **properties):
    kind = {"mail_enabled": False, "security_enabled": True, "group_types": []}
    return (await groups.post(Group(**names(name), **kind, **properties))).id


def reference(key):
    return ReferenceCreate(odata_id=f"{adapter.base_url}/directoryObjects/{key}")


def ids(answer):
    return {item.id for item in answer.value}


async def refused(call, wanted, what):
    try:
        await call
    except ODataError as refusal:
        checks.equal((refusal.response_status_code, refusal.error.code), wanted, what)
    else:
        checks.true(False, f"{what}: was not refused")


async def users_of_this_release():
    made = await users.post(user_model("alice", job_title="Nurse"))
    checks.equal((made.user_principal_name, made.job_title), ("alice@company.com", "Nurse"), "user made")
    await refused(users.post(user_model("alice")), BAD_REQUEST, "second user of one name")
    user = users.by_user_id(made.id)
    await user.patch(User(job_title="Doctor", department="Ward 7", account_enabled=False))
    read = await ask(user, select=["id", "jobTitle", "department", "accountEnabled", "createdDateTime"])
    checks.equal((read.job_title, read.department, read.account_enabled), ("Doctor", "Ward 7", False), "changed user")
    checks.true(read.created_date_time is not None and read.created_date_time.tzinfo is not None, "moment with its zone")
    checks.equal(read.display_name, None, "property that was not selected")
    await user.patch(User(additional_data={"jobTitle": None}))
    checks.equal((await user.get()).job_title, None, "value after a null")
    checks.equal((await users.by_user_id("alice@company.com").get()).id, made.id, "user by name")
    found = await ask(users, filter="startswith(displayName,'ali')", select=["id"], orderby=["displayName"], is_eventual=True, count=True)
    checks.equal((ids(found), found.odata_count), ({made.id}, 1), "user by an advanced query")
    checks.equal(ids(await ask(users, search='"displayName:alice"', is_eventual=True)), {made.id}, "user by a search")
    await refused(users.by_user_id(str(uuid.uuid4())).get(), NOT_FOUND, "user that does not exist")
    await refused(user.patch(User(department="")), BAD_REQUEST, "empty text")


async def pages():
    made = set(await make_users(*(f"page{number}" for number in range(45))))
    answer, found, count = await ask(users, top=20, filter="startswith(mailNickname,'page')", select=["id"]), set(), 0
    while True:
        found, count = found | ids(answer), count + 1
        if not answer.odata_next_link:
            break
        answer = await users.with_url(answer.odata_next_link).get()
    checks.equal((found, count), (made, 3), "users read page by page")
    await refused(ask(users, top=1000), BAD_REQUEST, "page of a thousand")


async def members_and_owners():
    first, second, third = await make_users("gina", "hans", "ivan")
    inner, outer = await make_group("inner"), await make_group("outer", description="Team")
    group = groups.by_group_id(outer)
    await group.members.ref.post(reference(first))
    await refused(group.members.ref.post(reference(first)), BAD_REQUEST, "member added twice")
    bound = [reference(key).odata_id for key in (second, inner)]
    await group.patch(Group(additional_data={"members@odata.bind": bound}))
    listed = {(member.id, type(member)) for member in (await group.members.get()).value}
    checks.equal(listed, {(first, User), (second, User), (inner, Group)}, "members and their types")
    await groups.by_group_id(inner).members.ref.post(reference(third))
    checks.equal(ids(await group.transitive_members.get()), {first, second, third, inner}, "members of members")
    checks.equal(ids(await ask(group.members.graph_user, is_eventual=True, count=True)), {first, second}, "members that are users")
    checks.equal(ids(await users.by_user_id(first).member_of.get()), {outer}, "groups of a user")
    member = group.members.by_directory_object_id(second)
    await member.ref.delete()
    await refused(member.ref.delete(), NOT_FOUND, "member removed twice")
    checks.equal(ids(await group.members.get()), {first, inner}, "members after a removal")
    await group.owners.ref.post(reference(third))
    checks.equal(ids(await group.owners.get()), {third}, "owners")
    expanded = await ask(group, expand=["members($select=id)"])
    checks.equal({member.id for member in expanded.members}, {first, inner}, "expanded members")
    await users.by_user_id(first).manager.ref.put(ReferenceUpdate(odata_id=f"{adapter.base_url}/users/{third}"))
    checks.equal((await users.by_user_id(first).manager.get()).id, third, "manager")
    checks.equal(ids(await users.by_user_id(third).direct_reports.get()), {first}, "direct reports")


async def recycle_bin():
    [user] = await make_users("frank", job_title="Nurse")
    group = await make_group("closed")
    await users.by_user_id(user).delete()
    await groups.by_group_id(group).delete()
    await refused(users.by_user_id(user).get(), NOT_FOUND, "deleted user")
    checks.equal((ids(await deleted.graph_user.get()), ids(await deleted.graph_group.get())), ({user}, {group}), "the bin")
    restored = await deleted.by_directory_object_id(user).restore.post()
    checks.equal((type(restored), restored.id), (User, user), "what a restore answers")
    checks.equal((await users.by_user_id(user).get()).job_title, "Nurse", "restored user")
    await deleted.by_directory_object_id(group).delete()
    await refused(deleted.by_directory_object_id(group).restore.post(), NOT_FOUND, "purged group")


async def delta_round(builder, answer):
    changed = {}
    while True:
        changed |= {item.id: item for item in answer.value}
        if not answer.odata_next_link:
            return changed, answer.odata_delta_link
        answer = await builder.with_url(answer.odata_next_link).get()


async def delta():
    control.send("PATCH", "settings", {"delta_page_size": 20})
    changing, leaving, *_ = await make_users(*(f"delta{number}" for number in range(25)))
    everything, link = await delta_round(users.delta, await ask(users.delta, select=["id", "jobTitle"]))
    checks.true({changing, leaving} <= set(everything), "the first round holds every user")
    await users.by_user_id(changing).patch(User(job_title="Doctor"))
    await users.by_user_id(leaving).delete()
    seen, _ = await delta_round(users.delta, await users.delta.with_url(link).get())
    checks.equal(set(seen), {changing, leaving}, "users of the second round")
    checks.equal(seen[changing].job_title, "Doctor", "changed value")
    checks.equal(seen[leaving].additional_data.get("@removed"), {"reason": "changed"}, "mark of the deletion")
    group = await make_group("delta")
    _, link = await delta_round(groups.delta, await ask(groups.delta, select=["id", "members"]))
    await groups.by_group_id(group).members.ref.post(reference(changing))
    seen, _ = await delta_round(groups.delta, await groups.delta.with_url(link).get())
    members = [entry["id"] for entry in seen[group].additional_data["members@delta"]]
    checks.equal((set(seen), [str(key) for key in members]), ({group}, [changing]), "member that came")


async def batch():
    entries = {
        "user": ("POST", "/users", {"accountEnabled": True, "displayName": "paul", "mailNickname": "paul",
                                     "userPrincipalName": "paul@company.com", "passwordProfile": {"password": "Aa1!paul-paul"}}),
        "absent": ("PATCH", f"/users/{uuid.uuid4()}", {"jobTitle": "Doctor"}),
    }
    headers = {"Content-Type": "application/json"}
    requests = [
        {"id": name, "method": method, "url": url, "body": body, "headers": headers} for name, (method, url, body) in entries.items()
    ]
    information = RequestInformation()
    information.http_method, information.url = Method.POST, f"{adapter.base_url}/$batch"
    information.headers.add("Accept", "application/json")
    information.set_stream_content(json.dumps({"requests": requests}).encode(), "application/json")
    answer = json.loads(await adapter.send_primitive_async(information, "bytes", {"4XX": ODataError, "5XX": ODataError}))
    statuses = {entry["id"]: entry["status"] for entry in answer["responses"]}
    checks.equal(statuses, {"user": 201, "absent": 404}, "statuses of a batch")
    checks.equal((await users.by_user_id("paul@company.com").get()).display_name, "paul", "user made in a batch")


async def guests():
    invitation = Invitation(invited_user_email_address="guest@outside.example", invite_redirect_url="https://company.com")
    made = await graph.invitations.post(invitation)
    checks.equal((made.status, (await ask(users.by_user_id(made.invited_user.id), select=["userType"])).user_type),
                 ("PendingAcceptance", "Guest"), "invited guest")


async def retries():
    for kind, operation in (("unavailable", "POST /users"), ("throttled_without_retry_after", "PATCH /users/{id}")):
        control.send("PUT", "faults", [{"kind": kind, "operation": operation, "count": 1, "retry_after": 1}])
        started = time.monotonic()
        if operation == "POST /users":
            [key] = await make_users("quinn")
        else:
            await users.by_user_id(key).patch(User(job_title="Doctor"))
        waited, met = time.monotonic() - started >= 1, control.send("GET", "faults")["met"].get(kind, 0)
        checks.equal((met, waited), (1, True), f"{kind} met, and waited for")
    control.send("PUT", "faults", [])
    checks.equal((await users.by_user_id(key).get()).job_title, "Doctor", "value after the retries")


async def main():
    for section in (users_of_this_release, pages, members_and_owners, recycle_bin, delta, batch, guests, retries):
        try:
            await section()
        except Exception as problem:
            checks.failed(section.__name__, problem)
    checks.report()


asyncio.run(main())
