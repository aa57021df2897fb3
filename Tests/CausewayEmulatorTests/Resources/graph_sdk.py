"""Uses an emulated tenant through Microsoft's own Python SDK for Graph, and checks what comes back.

The tenant's ready line, one JSON object with its endpoints, is the first argument or the first line of the input.
"""

import asyncio
import json
import sys
import time
import urllib.parse
import urllib.request
import uuid

from azure.core.credentials import AccessToken, TokenCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from kiota_http.middleware.options import RetryHandlerOption
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.user import User
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator

NOT_FOUND = (404, "Request_ResourceNotFound")
BAD_REQUEST = (400, "Request_BadRequest")
UNAVAILABLE = (503, "serviceNotAvailable")
ERROR_TYPES = {"XXX": ODataError}


def send_http(method, url, body=None, content_type="application/json"):
    request = urllib.request.Request(url, method=method, data=body, headers={"Content-Type": content_type})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


class ClientSecretCredential(TokenCredential):
    """Signs in with client credentials, over plain HTTP too."""

    def __init__(self, endpoints):
        self.url = f"{endpoints['login_endpoint']}/{endpoints['tenant_id']}/oauth2/v2.0/token"
        secret = endpoints.get("client_secret", "emulated-secret-value")
        self.form = {"grant_type": "client_credentials", "client_id": endpoints["client_id"], "client_secret": secret}
        self.token = AccessToken("", 0)

    def get_token(self, *scopes, **options):
        if self.token.expires_on < time.time() + 60:
            body = urllib.parse.urlencode({**self.form, "scope": " ".join(scopes)}).encode()
            answer = send_http("POST", self.url, body, "application/x-www-form-urlencoded")
            self.token = AccessToken(answer["access_token"], int(time.time()) + answer["expires_in"])
        return self.token


class Tenant:
    """The client of one tenant, and what every section needs. Names carry a label that is new in each run."""

    def __init__(self, endpoints):
        credential = ClientSecretCredential(endpoints)
        scopes = ["https://graph.microsoft.com/.default"]
        self.adapter = GraphRequestAdapter(AzureIdentityAuthenticationProvider(credential, scopes=scopes))
        self.adapter.base_url = endpoints["graph_endpoint"]
        self.client = GraphServiceClient(request_adapter=self.adapter)
        self.bin = self.client.directory.deleted_items
        self.user = self.client.users.by_user_id
        self.group = self.client.groups.by_group_id
        self.control_endpoint = endpoints["control_endpoint"]
        self.label = uuid.uuid4().hex[:8]
        self.checks = 0

    async def find_domain(self):
        organization = (await self.client.organization.get()).value[0]
        self.domain = next(domain.name for domain in organization.verified_domains if domain.is_default)

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        return send_http(method, f"{self.control_endpoint}/{path}", data)

    def equal(self, found, wanted, what):
        self.checks += 1
        if found != wanted:
            raise AssertionError(f"{what}: found {found!r} in place of {wanted!r}")

    async def refused(self, call, wanted, what):
        try:
            await call
        except ODataError as refusal:
            self.equal((refusal.response_status_code, refusal.error.code), wanted, what)
            return refusal.error
        raise AssertionError(f"{what}: was not refused")

    def user_name(self, name):
        return f"{self.label}-{name}@{self.domain}"

    def names(self, name):
        return {"display_name": f"{self.label} {name}", "mail_nickname": f"{self.label}-{name}"}

    def user_model(self, name, **properties):
        password = PasswordProfile(password=f"Aa1!{uuid.uuid4().hex}")
        required = {"account_enabled": True, "user_principal_name": self.user_name(name), "password_profile": password}
        return User(**self.names(name), **required, **properties)

    def reference(self, key):
        return ReferenceCreate(odata_id=f"{self.adapter.base_url}/directoryObjects/{key}")

    def binding(self, members):
        return {"members@odata.bind": [self.reference(member).odata_id for member in members]}

    async def make_users(self, *names, **properties):
        posts = (self.client.users.post(self.user_model(name, **properties)) for name in names)
        return [user.id for user in await asyncio.gather(*posts)]

    async def make_group(self, name, members=(), **properties):
        kind = {"mail_enabled": False, "security_enabled": True, "group_types": []}
        bound = self.binding(members) if members else {}
        model = Group(**self.names(name), **kind, additional_data=bound, **properties)
        return (await self.client.groups.post(model)).id

    async def find_users(self, text):
        return [user.id for user in (await ask(self.client.users, filter=text, select=["id"])).value]

    async def member_ids(self, key):
        return {member.id for member in (await self.group(key).members.get()).value}


def ask(builder, is_eventual=False, **options):
    parameters = getattr(builder, f"{type(builder).__name__}GetQueryParameters")
    configuration = RequestConfiguration(query_parameters=parameters(**options))
    if is_eventual:
        configuration.headers.add("ConsistencyLevel", "eventual")
    return builder.get(configuration)


async def create(tenant):
    made = await tenant.client.users.post(tenant.user_model("alice", job_title="Nurse"))
    tenant.equal((made.user_principal_name, made.job_title), (tenant.user_name("alice"), "Nurse"), "user made")
    tenant.equal((made.account_enabled, made.password_profile), (None, None), "what no create answers")
    others = await tenant.make_users("bob", "carol")
    key = await tenant.make_group("team", [made.id, *others], description="Team")
    group = await tenant.group(key).get()
    tenant.equal((group.security_enabled, group.description), (True, "Team"), "group made")
    tenant.equal(await tenant.member_ids(key), {made.id, *others}, "members bound by the create")
    again = tenant.client.users.post(tenant.user_model("alice"))
    detail = (await tenant.refused(again, BAD_REQUEST, "second user of one name")).details[0]
    tenant.equal((detail.code, detail.target), ("ObjectConflict", "userPrincipalName"), "detail of the conflict")


async def read(tenant):
    [nurse] = await tenant.make_users("dora", job_title="Nurse", department="Ward 7")
    await tenant.make_users("dan", department="Ward 8")
    user = await ask(tenant.user(nurse), select=["id", "department", "accountEnabled"])
    tenant.equal((user.id, user.department, user.account_enabled), (nurse, "Ward 7", True), "selected properties")
    tenant.equal(user.display_name, None, "property that was not selected")
    tenant.equal((await tenant.user(tenant.user_name("dora")).get()).id, nurse, "user by name")
    for text in (f"userPrincipalName eq '{tenant.user_name('dora')}'", f"mailNickname eq '{tenant.label}-dora'"):
        tenant.equal(await tenant.find_users(text), [nurse], f"users where {text}")
    await tenant.refused(tenant.user(str(uuid.uuid4())).get(), NOT_FOUND, "user that does not exist")


async def page(tenant):
    made = await tenant.make_users(*(f"page{number}" for number in range(105)))
    counted = await ask(tenant.client.users.count, is_eventual=True)
    first = await ask(tenant.client.users, top=40, select=["id", "displayName"])
    tenant.equal(len(first.value), 40, "length of the first page")
    found = []
    iterator = PageIterator(first, tenant.adapter, error_mapping=ERROR_TYPES)
    await iterator.iterate(lambda user: found.append(user) or True)
    names = {user.id: user.display_name for user in found}
    tenant.equal((len(found), len(names)), (counted, counted), "users read page by page")
    wanted = [f"{tenant.label} page{number}" for number in range(105)]
    tenant.equal([names.get(key) for key in made], wanted, "names of the users made")
    await tenant.refused(ask(tenant.client.users, top=1000), BAD_REQUEST, "page of a thousand")


async def update(tenant):
    [key] = await tenant.make_users("erin", job_title="Nurse", department="Ward 7")
    await tenant.user(key).patch(User(job_title="Doctor", business_phones=["+43 1 2345"], account_enabled=False))
    properties = ["jobTitle", "department", "businessPhones", "accountEnabled"]
    user = await ask(tenant.user(key), select=properties)
    values = (user.job_title, user.department, user.business_phones, user.account_enabled)
    tenant.equal(values, ("Doctor", "Ward 7", ["+43 1 2345"], False), "values after a change")
    await tenant.user(key).patch(User(business_phones=[], additional_data={"jobTitle": None}))
    user = await ask(tenant.user(key), select=properties)
    tenant.equal((user.job_title, user.department, user.business_phones), (None, "Ward 7", []), "values after a null")
    await tenant.refused(tenant.user(key).patch(User(department="")), BAD_REQUEST, "empty text")
    group = await tenant.make_group("ward", description="Ward")
    await tenant.group(group).patch(Group(display_name="Renamed", additional_data={"description": None}))
    changed = await tenant.group(group).get()
    tenant.equal((changed.display_name, changed.description), ("Renamed", None), "group after a change")


async def delete(tenant):
    [key] = await tenant.make_users("frank", job_title="Nurse")
    group = await tenant.make_group("closed")
    await tenant.user(key).delete()
    await tenant.group(group).delete()
    await tenant.refused(tenant.user(key).get(), NOT_FOUND, "deleted user")
    await tenant.refused(tenant.group(group).delete(), NOT_FOUND, "second deletion")
    users, groups = await tenant.bin.graph_user.get(), await tenant.bin.graph_group.get()
    tenant.equal([item.id for item in users.value].count(key), 1, "deleted users")
    tenant.equal([item.id for item in groups.value].count(group), 1, "deleted groups")
    restored = await tenant.bin.by_directory_object_id(key).restore.post()
    tenant.equal((type(restored), restored.id), (User, key), "what a restore answers")
    user = await tenant.user(key).get()
    tenant.equal((user.user_principal_name, user.job_title), (tenant.user_name("frank"), "Nurse"), "restored user")
    await tenant.bin.by_directory_object_id(group).restore.post()
    tenant.equal((await tenant.group(group).get()).security_enabled, True, "restored group")
    await tenant.refused(tenant.bin.by_directory_object_id(key).get(), NOT_FOUND, "restored user in the bin")
    await tenant.user(key).delete()
    await tenant.bin.by_directory_object_id(key).delete()
    await tenant.refused(tenant.bin.by_directory_object_id(key).restore.post(), NOT_FOUND, "purged user")


async def members(tenant):
    first, second, third = await tenant.make_users("gina", "hans", "ivan")
    inner, outer = await tenant.make_group("inner"), await tenant.make_group("outer")
    group_members = tenant.group(outer).members
    await group_members.ref.post(tenant.reference(first))
    again = await tenant.refused(group_members.ref.post(tenant.reference(first)), BAD_REQUEST, "member added twice")
    tenant.equal("already exist" in again.message, True, "words of the refusal")
    await tenant.group(outer).patch(Group(additional_data=tenant.binding([second, third, inner])))
    listed = {(member.id, type(member)) for member in (await group_members.get()).value}
    tenant.equal(listed, {(first, User), (second, User), (third, User), (inner, Group)}, "members and their types")
    users = await ask(group_members.graph_user, is_eventual=True, count=True)
    tenant.equal({user.id for user in users.value}, {first, second, third}, "members that are users")
    tenant.equal(users.odata_count, 3, "count of the members that are users")
    member = group_members.by_directory_object_id(second)
    await member.ref.delete()
    tenant.equal(await tenant.member_ids(outer), {first, third, inner}, "members after a removal")
    await tenant.refused(member.ref.delete(), NOT_FOUND, "member removed twice")
    tenant.equal((await tenant.user(second).get()).id, second, "removed member as a user")


async def delta(tenant):
    tenant.control("PATCH", "settings", {"delta_page_size": 20})
    await users_delta(tenant)
    await groups_delta(tenant)


async def delta_round(builder, start):
    answer = await start
    changed, pages = answer.value, 1
    while answer.odata_next_link:
        answer = await builder.with_url(answer.odata_next_link).get()
        changed, pages = changed + answer.value, pages + 1
    return changed, answer.odata_delta_link, pages


async def users_delta(tenant):
    made = await tenant.make_users(*(f"delta{number}" for number in range(30)))
    changing, leaving, staying = made[:3]
    builder = tenant.client.users.delta
    start = ask(builder, select=["id", "displayName", "jobTitle"])
    everything, link, pages = await delta_round(builder, start)
    tenant.equal(set(made) - {user.id for user in everything}, set(), "users missing in the first round")
    tenant.equal(pages > 1, True, "several pages in the first round")
    await tenant.user(changing).patch(User(job_title="Doctor"))
    await tenant.user(staying).patch(User(department="outside the selection"))
    await tenant.user(leaving).delete()
    [coming] = await tenant.make_users("late")
    changes, link, _ = await delta_round(builder, builder.with_url(link).get())
    seen = {user.id: user for user in changes}
    tenant.equal(set(seen), {changing, leaving, coming}, "users of the second round")
    tenant.equal(seen[changing].job_title, "Doctor", "changed value")
    tenant.equal(seen[coming].display_name, f"{tenant.label} late", "new user")
    tenant.equal(seen[leaving].additional_data.get("@removed"), {"reason": "changed"}, "mark of the deletion")
    tenant.equal((await builder.with_url(link).get()).value, [], "users of the third round")


async def groups_delta(tenant):
    staying, leaving, coming = await tenant.make_users("jane", "kurt", "lisa")
    key = await tenant.make_group("delta", [staying, leaving])
    await tenant.make_group("quiet", [staying])
    builder = tenant.client.groups.delta
    start = ask(builder, select=["id", "displayName", "members"])
    everything, link, _ = await delta_round(builder, start)
    found = [member_changes(group) for group in everything if group.id == key]
    tenant.equal(found, [{staying: None, leaving: None}], "members of the first round")
    await tenant.group(key).members.ref.post(tenant.reference(coming))
    await tenant.group(key).members.by_directory_object_id(leaving).ref.delete()
    changes, link, _ = await delta_round(builder, builder.with_url(link).get())
    found = {group.id: member_changes(group) for group in changes}
    tenant.equal(found, {key: {coming: None, leaving: "deleted"}}, "changes of the second round")
    tenant.equal((await builder.with_url(link).get()).value, [], "groups of the third round")


def member_changes(group):
    entries = group.additional_data.get("members@delta", [])
    return {str(entry["id"]): entry.get("@removed", {}).get("reason") for entry in entries}


async def batch(tenant):
    first, second, leaving = await tenant.make_users("mia", "noah", "otto")
    group = await tenant.make_group("batched")
    writes = {
        "create": tenant.client.users.to_post_request_information(tenant.user_model("paul")),
        "conflict": tenant.client.users.to_post_request_information(tenant.user_model("mia")),
        "update": tenant.user(first).to_patch_request_information(User(job_title="Doctor")),
        "delete": tenant.user(leaving).to_delete_request_information(),
        "absent": tenant.user(str(uuid.uuid4())).to_patch_request_information(User(job_title="Doctor")),
        "member": tenant.group(group).members.ref.to_post_request_information(tenant.reference(second)),
    }
    answers = await tenant.client.batch.post(batch_content(tenant, writes))
    wanted = {"create": 201, "conflict": 400, "update": 204, "delete": 204, "absent": 404, "member": 204}
    tenant.equal(answers.get_response_status_codes(), wanted, "statuses by request")
    made = await tenant.user(tenant.user_name("paul")).get()
    tenant.equal((await tenant.user(first).get()).job_title, "Doctor", "user changed in a batch")
    tenant.equal(await tenant.member_ids(group), {second}, "member added in a batch")
    keys = {"1": first, "2": second, "3": made.id, "4": leaving}
    reads = {name: tenant.user(key).to_get_request_information() for name, key in keys.items()}
    bodies = await batch_bodies(tenant, reads)
    error = bodies.pop("4")["error"]
    found = {name: body["id"] for name, body in bodies.items()}
    tenant.equal(found, {"1": first, "2": second, "3": made.id}, "users by request")
    tenant.equal(error["code"], "Request_ResourceNotFound", "user deleted in a batch")


def batch_content(tenant, requests):
    content = BatchRequestContent()
    for name, request in requests.items():
        item = BatchRequestItem(request, name)
        item.set_url(request.url.removeprefix(tenant.adapter.base_url))
        content.add_request(name, item)
    return content


async def batch_bodies(tenant, requests):
    """Sends a batch and reads its answers as JSON: the SDK's own type loses bodies that are objects."""
    information = await tenant.client.batch.to_post_request_information(batch_content(tenant, requests))
    answer = json.loads(await tenant.adapter.send_primitive_async(information, "bytes", ERROR_TYPES))
    return {entry["id"]: entry["body"] for entry in answer["responses"]}


async def retry(tenant):
    rule = {"kind": "unavailable", "operation": "POST /users", "count": 2, "retry_after": 1}
    [key], met, seconds = await with_fault(tenant, rule, lambda: tenant.make_users("quinn"))
    tenant.equal((met, seconds >= 2), (2, True), f"503 met, and waited for {seconds} s")
    tenant.equal(await tenant.find_users(f"displayName eq '{tenant.label} quinn'"), [key], "user made after 503")
    rule = {"kind": "throttled_without_retry_after", "operation": "PATCH /users/{id}", "count": 1, "retry_after": 1}
    _, met, seconds = await with_fault(tenant, rule, lambda: tenant.user(key).patch(User(job_title="Doctor")))
    tenant.equal((met, seconds >= 1), (1, True), f"429 met, and waited for {seconds} s")
    tenant.equal((await tenant.user(key).get()).job_title, "Doctor", "value after 429")
    rule = {"kind": "unavailable", "operation": "GET /users/{id}", "count": 1, "retry_after": 1}
    once = RequestConfiguration(options=[RetryHandlerOption(max_retries=0)])
    reading = tenant.refused(tenant.user(key).get(once), UNAVAILABLE, "503 without retries")
    _, met, _ = await with_fault(tenant, rule, lambda: reading)
    tenant.equal(met, 1, "503 met without retries")


async def with_fault(tenant, rule, call):
    """Calls while a fault is in place: what came back, how often the fault was met, and the seconds it took."""
    tenant.control("PUT", "faults", [rule])
    started = time.monotonic()
    answer = await call()
    seconds = time.monotonic() - started
    met = tenant.control("GET", "faults")["met"].get(rule["kind"], 0)
    tenant.control("PUT", "faults", [])
    return answer, met, seconds


SECTIONS = (create, read, page, update, delete, members, delta, batch, retry)


async def main():
    tenant = Tenant(json.loads(sys.argv[1] if len(sys.argv) > 1 else sys.stdin.readline()))
    await tenant.find_domain()
    for section in SECTIONS:
        try:
            await section(tenant)
        except Exception as problem:
            sys.exit(f"{section.__name__} failed: {type(problem).__name__}: {problem}")
        print(f"{section.__name__} ok", flush=True)
    print(json.dumps({"sections": [section.__name__ for section in SECTIONS], "checks": tenant.checks}))


asyncio.run(main())
