"""Drives a running server with authentik's released Python client: the documented set-up, and every operation that the server has.

Usage: client.py ORIGIN KEY DOCUMENT TENANT. DOCUMENT is the folder with the parts of authentik's document that the server has, TENANT
a JSON object with the addresses of the emulated tenant.
"""

import json
import pathlib
import sys
import time
import urllib.request

import authentik_client
from authentik_client import models as m
from authentik_client.exceptions import ApiException

ORIGIN, KEY, DOCUMENT = sys.argv[1:4]
TENANT = {"client_secret": "emulated-secret-value", **json.loads(sys.argv[4])}
called = set()


class Recorder:
    """An API of the client that remembers which operations were called."""

    def __init__(self, api):
        self.api = api

    def __getattr__(self, name):
        function = getattr(self.api, name)

        def call(*arguments, **options):
            called.add(name)
            return function(*arguments, **options)

        return call


configuration = authentik_client.Configuration(host=f"{ORIGIN}/api/v3", access_token=KEY)
client = authentik_client.ApiClient(configuration)
admin, core, events = (Recorder(a(client)) for a in (authentik_client.AdminApi, authentik_client.CoreApi, authentik_client.EventsApi))
managed, providers, root = (Recorder(a(client)) for a in (authentik_client.ManagedApi, authentik_client.ProvidersApi, authentik_client.RootApi))
mappings, tasks = (Recorder(a(client)) for a in (authentik_client.PropertymappingsApi, authentik_client.TasksApi))
schema = Recorder(authentik_client.SchemaApi(client))


def request(method, path, body=None):
    """What the client has no model for."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(ORIGIN + path, data, headers, method=method)) as answer:
        return json.loads(answer.read() or b"null")


def refused(status, function, *arguments, **options):
    """The body of a refusal that must come."""
    try:
        function(*arguments, **options)
    except ApiException as error:
        assert error.status == status, (error.status, error.body)
        return json.loads(error.body)
    raise AssertionError(f"{function} was not refused")


def wait(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come")


EXPRESSION = '''
from msgraph.generated.models.object_identity import ObjectIdentity
from msgraph.generated.models.password_profile import PasswordProfile

return {
    "display_name": request.user.name,
    "mail": request.user.email,
    "password_policies": "DisablePasswordExpiration",
    "user_type": "member",
    "account_enabled": True,
    "mail_nickname": request.user.username,
    "identities": [ObjectIdentity(sign_in_type="federated", issuer="mail", issuer_assigned_id=request.user.email)],
    "password_profile": PasswordProfile(password=request.user.password),
}
'''


def directory():
    """Users and groups."""
    group = core.core_groups_create(m.GroupRequest(name="Staff", attributes={"site": "Oslo"}))
    assert group.name == "Staff" and group.users == [] and group.num_pk > 0
    ada = core.core_users_create(
        m.UserRequest(username="ada", name="Ada Lovelace", email="ada@example.org", groups=[group.pk], attributes={"team": {"name": "core"}})
    )
    assert ada.type == "internal" and ada.groups == [group.pk] and ada.groups_obj[0].name == "Staff"
    assert core.core_users_retrieve(ada.pk).username == "ada"
    assert core.core_users_list(username="ada").results[0].pk == ada.pk
    assert core.core_users_list(search="lovel ADA").pagination.count == 1
    assert core.core_users_list(attributes=json.dumps({"team__name": "core"})).pagination.count == 1
    assert core.core_users_list(groups_by_name=["Staff"], ordering="-username").pagination.count == 1
    assert core.core_users_partial_update(ada.pk, m.PatchedUserRequest(name="Ada L.")).groups == [group.pk]
    put = core.core_users_update(ada.pk, m.UserRequest(username="ada", name="Ada Lovelace", email="ada@example.org"))
    assert put.groups == [] and put.attributes == {"team": {"name": "core"}}
    core.core_groups_add_user_create(group.pk, m.UserAccountRequest(pk=ada.pk))
    core.core_groups_remove_user_create(group.pk, m.UserAccountRequest(pk=ada.pk))
    core.core_groups_add_user_create(group.pk, m.UserAccountRequest(pk=ada.pk))
    assert core.core_groups_retrieve(group.pk).users_obj[0].username == "ada"
    assert core.core_groups_retrieve(group.pk, include_users=False).users_obj is None
    parent = core.core_groups_create(m.GroupRequest(name="Everyone"))
    assert core.core_groups_partial_update(group.pk, m.PatchedGroupRequest(parents=[parent.pk])).parents == [parent.pk]
    assert core.core_groups_list(include_children=True, name="Everyone").results[0].children == [group.pk]
    kept = core.core_groups_update(group.pk, m.GroupRequest(name="Staff", users=[ada.pk], attributes={"site": "Oslo"}))
    assert kept.users == [ada.pk] and kept.parents == []
    assert core.core_groups_list(members_by_username=["ada"]).results[0].pk == group.pk
    assert core.core_groups_used_by_list(group.pk) == []
    assert "username" in refused(400, core.core_users_create, m.UserRequest(username="ada", name="x"))
    core.core_users_set_password_create(ada.pk, m.UserPasswordSetRequest(password="correct horse battery"))
    assert "password" in refused(400, core.core_users_set_password_create, ada.pk, m.UserPasswordSetRequest(password="x"))
    refused(400, core.core_users_recovery_create, ada.pk, m.UserRecoveryLinkRequest(token_duration="days=1"))
    service = core.core_users_service_account_create(m.UserServiceAccountRequest(name="backup", create_group=True))
    assert service.token and service.group_pk
    assert core.core_users_me_retrieve().user.system_permissions
    assert "users" in core.core_users_paths_retrieve().paths
    assert core.core_users_used_by_list(service.user_pk)[0].model_name == "token"
    return ada, group, parent, service


def setup(group):
    """The walk of the documentation: mapping, provider, application."""
    mapping = mappings.propertymappings_provider_microsoft_entra_create(
        m.MicrosoftEntraProviderMappingRequest(name="email-verified-users", expression=EXPRESSION)
    )
    defaults = mappings.propertymappings_provider_microsoft_entra_list(managed=["goauthentik.io/providers/microsoft_entra/group"])
    assert defaults.pagination.count == 1
    provider = providers.providers_microsoft_entra_create(
        m.MicrosoftEntraProviderRequest(
            name="Entra",
            client_id=TENANT["client_id"],
            client_secret=TENANT["client_secret"],
            tenant_id=TENANT["tenant_id"],
            property_mappings=[mapping.pk],
            property_mappings_group=[defaults.results[0].pk],
            user_delete_action="suspend",
            group_delete_action="delete",
            filter_group=group.pk,
        )
    )
    assert provider.user_delete_action == "suspend" and provider.property_mappings == [mapping.pk]
    path = f"/api/v3/providers/microsoft_entra/{provider.pk}/"
    elsewhere = {name: TENANT[name] for name in ["login_endpoint", "graph_endpoint", "client_secret"]}
    beyond = request("PATCH", path, {"cloud": "custom"} | elsewhere)
    assert beyond["client_secret"] == "" and beyond["cloud"] == "custom"
    application = core.core_applications_create(
        m.ApplicationRequest(name="Microsoft 365", slug="microsoft-365", backchannel_providers=[provider.pk], meta_launch_url="https://m365.example/%(username)s")
    )
    assert application.backchannel_providers_obj[0].assigned_backchannel_application_slug == "microsoft-365"
    return mapping, provider, application


def throttle(provider):
    """What is said of the limits while direct sync is at work on the tenant."""
    state = wait("a session", lambda: (s := request("GET", f"/api/v3/causeway/providers/{provider.pk}/throttle/"))["sessions"] and s)
    assert state["is_active"] and state["limits"]["writes"]["burst"] > 0, state
    for session in state["sessions"]:
        assert [a["client_id"] for a in session["applications"]] == [provider.client_id], state
        assert all(0 <= a["units_used"] < 1 and a["pause"] == 0 for a in session["applications"]), state


def synced(ada, group, provider):
    """The user arrives in the tenant, and the server says so."""
    linked = wait("the link of the user", lambda: providers.providers_microsoft_entra_users_list(provider__id=provider.pk, user__username="ada").results)
    assert linked[0].user_obj.username == "ada" and linked[0].microsoft_id
    assert wait("the link of the group", lambda: providers.providers_microsoft_entra_groups_list(group__name="Staff").results)
    wait("a sync that succeeded", lambda: providers.providers_microsoft_entra_sync_status_retrieve(provider.pk).last_successful_sync)
    core.core_users_partial_update(ada.pk, m.PatchedUserRequest(name="Ada King"))
    body = m.SyncObjectRequest(sync_object_model="authentik.core.models.User", sync_object_id=str(ada.pk))

    def sync_object():
        try:
            return providers.providers_microsoft_entra_sync_object_create(provider.pk, body).messages
        except ApiException as error:
            assert error.status == 409, error.body
            return None

    assert wait("the sync of one object", sync_object)[0].event
    throttle(provider)
    wait("the new name", lambda: providers.providers_microsoft_entra_users_list(user__id=ada.pk).results[0].attributes.get("displayName") == "Ada King")
    user_link = providers.providers_microsoft_entra_users_retrieve(linked[0].id)
    assert providers.providers_microsoft_entra_users_used_by_list(user_link.id) == []
    providers.providers_microsoft_entra_users_destroy(user_link.id)
    refused(404, providers.providers_microsoft_entra_users_retrieve, user_link.id)
    again = providers.providers_microsoft_entra_users_create(
        m.MicrosoftEntraProviderUserRequest(microsoft_id=user_link.microsoft_id, user=ada.pk, provider=provider.pk)
    )
    assert again.microsoft_id == user_link.microsoft_id
    link = providers.providers_microsoft_entra_groups_list(group__group_uuid=group.pk).results[0]
    assert providers.providers_microsoft_entra_groups_retrieve(link.id).group_obj.name == "Staff"
    assert providers.providers_microsoft_entra_groups_used_by_list(link.id) == []
    providers.providers_microsoft_entra_groups_destroy(link.id)
    providers.providers_microsoft_entra_groups_create(
        m.MicrosoftEntraProviderGroupRequest(microsoft_id=link.microsoft_id, group=group.pk, provider=provider.pk)
    )


def reading(mapping, provider, application, ada, group):
    """Everything that can be read or changed of what was set up."""
    assert providers.providers_all_list(backchannel=True).results[0].pk == provider.pk
    assert providers.providers_all_retrieve(provider.pk).authorization_flow is None
    assert providers.providers_all_used_by_list(provider.pk)[0].action == "set_null"
    assert providers.providers_all_types_list()[0].model_name == "microsoftentraprovider"
    assert providers.providers_microsoft_entra_list(name="Entra").pagination.count == 1
    assert providers.providers_microsoft_entra_retrieve(provider.pk).filter_group == group.pk
    assert providers.providers_microsoft_entra_used_by_list(provider.pk)[0].name == "Microsoft 365"
    assert providers.providers_microsoft_entra_partial_update(provider.pk, m.PatchedMicrosoftEntraProviderRequest(sync_page_size=77)).sync_page_size == 77
    put = m.MicrosoftEntraProviderRequest(
        name="Entra", client_id=TENANT["client_id"], client_secret=TENANT["client_secret"], tenant_id=TENANT["tenant_id"]
    )
    assert providers.providers_microsoft_entra_update(provider.pk, put).sync_page_size == 77
    assert mappings.propertymappings_all_list(search="email-verified-users").results
    assert mappings.propertymappings_all_retrieve(mapping.pk).name == "email-verified-users"
    assert mappings.propertymappings_all_used_by_list(mapping.pk)[0].name == "Entra"
    assert mappings.propertymappings_all_types_list()[0].component
    tested = mappings.propertymappings_all_test_create(mapping.pk, property_mapping_test_request=m.PropertyMappingTestRequest(user=ada.pk), format_result=True)
    assert tested.successful and json.loads(tested.result)["displayName"] == "Ada King", tested
    assert mappings.propertymappings_provider_microsoft_entra_retrieve(mapping.pk).expression == EXPRESSION
    assert mappings.propertymappings_provider_microsoft_entra_used_by_list(mapping.pk)
    changed = m.PatchedMicrosoftEntraProviderMappingRequest(expression=EXPRESSION + "# changed\n")
    assert "changed" in mappings.propertymappings_provider_microsoft_entra_partial_update(mapping.pk, changed).expression
    whole = m.MicrosoftEntraProviderMappingRequest(name="email-verified-users", expression=EXPRESSION)
    assert mappings.propertymappings_provider_microsoft_entra_update(mapping.pk, whole).expression == EXPRESSION
    wrong = m.MicrosoftEntraProviderMappingRequest(name="broken", expression="return {")
    assert "expression" in refused(400, mappings.propertymappings_provider_microsoft_entra_create, wrong)
    assert core.core_applications_retrieve("microsoft-365").launch_url.startswith("https://m365.example/")
    assert core.core_applications_list(slug="microsoft-365").pagination.count == 1
    assert core.core_applications_used_by_list("microsoft-365")[0].name == "Entra"
    assert core.core_applications_check_access_retrieve("microsoft-365").passing
    assert core.core_applications_partial_update("microsoft-365", m.PatchedApplicationRequest(group="Office")).group == "Office"
    renamed = core.core_applications_update("microsoft-365", m.ApplicationRequest(name="Microsoft 365", slug="m365", backchannel_providers=[provider.pk]))
    assert renamed.slug == "m365"
    refused(404, core.core_applications_retrieve, "microsoft-365")
    both = m.TransactionApplicationRequest(
        app=m.ApplicationRequest(name="Second", slug="second"),
        provider_model="authentik_providers_microsoft_entra.microsoftentraprovider",
        provider=m.ModelRequest(m.MicrosoftEntraProviderRequest(name="Second", client_id="c", client_secret="s", tenant_id="t")),
    )
    assert core.core_transactional_applications_update(both).applied
    assert "slug" in refused(400, core.core_transactional_applications_update, both).get("app", {"slug": 1})
    core.core_applications_destroy("second")


def tokens():
    made = core.core_tokens_create(m.TokenRequest(identifier="script", description="for a test", expiring=False))
    key = core.core_tokens_view_key_retrieve("script").key
    refused(403, core.core_tokens_view_key_retrieve, "script")
    other = authentik_client.ApiClient(authentik_client.Configuration(host=f"{ORIGIN}/api/v3", access_token=key))
    assert authentik_client.CoreApi(other).core_users_me_retrieve().user.username == made.user_obj.username
    core.core_tokens_set_key_create("script", m.TokenSetKeyRequest(key="a key of my own, long enough"))
    refused(403, authentik_client.CoreApi(other).core_users_me_retrieve)
    assert core.core_tokens_list(identifier="script").pagination.count == 1
    assert core.core_tokens_retrieve("script").description == "for a test"
    assert core.core_tokens_partial_update("script", m.PatchedTokenRequest(description="x")).description == "x"
    assert core.core_tokens_update("script", m.TokenRequest(identifier="renamed")).identifier == "renamed"
    assert core.core_tokens_used_by_list("renamed") == []
    core.core_tokens_destroy("renamed")
    refused(404, core.core_tokens_retrieve, "renamed")


def administration():
    made = events.events_events_create(m.EventRequest(action="system_exception", app="script", context={"n": 1}))
    assert events.events_events_retrieve(made.pk).context == {"n": 1}
    assert events.events_events_partial_update(made.pk, m.PatchedEventRequest(context={"n": 2})).context == {"n": 2}
    assert events.events_events_update(made.pk, m.EventRequest(action="system_exception", app="script")).app == "script"
    assert events.events_events_list(actions=["model_created"], context_model_name="user").pagination.count >= 1
    assert events.events_events_volume_list() and events.events_events_actions_list()
    assert events.events_events_stats_retrieve(count_steps=["days=1"]).count_step["days1"] >= 1
    events.events_events_top_per_user_list()
    refused(400, events.events_events_export_create)
    events.events_events_destroy(made.pk)
    assert admin.admin_version_retrieve().version_current.startswith("2026.8")
    assert admin.admin_system_retrieve().brand == "Causeway" and admin.admin_system_create().server_time
    assert admin.admin_version_history_list()[0].id == admin.admin_version_history_retrieve(1).id
    assert admin.admin_apps_list() and admin.admin_models_list()
    assert root.root_config_retrieve().error_reporting.enabled is False
    assert schema.schema_retrieve()["openapi"].startswith("3.")


def schedules(provider):
    schedule = tasks.tasks_schedules_list(rel_obj_id=str(provider.pk)).results[0]
    assert tasks.tasks_schedules_retrieve(schedule.id).crontab == schedule.crontab
    assert tasks.tasks_schedules_partial_update(schedule.id, m.PatchedScheduleRequest(paused=True)).paused
    assert not tasks.tasks_schedules_update(schedule.id, m.ScheduleRequest(crontab="5 3 * * *", paused=False)).paused
    assert "crontab" in refused(400, tasks.tasks_schedules_update, schedule.id, m.ScheduleRequest(crontab="whenever"))
    tasks.tasks_schedules_send_create(schedule.id)
    task = tasks.tasks_tasks_list(rel_obj_id=str(provider.pk)).results[0]
    assert tasks.tasks_tasks_retrieve(task.message_id).actor_name
    done = tasks.tasks_tasks_list(aggregated_status=["info"]).results[-1]
    refused(400, tasks.tasks_tasks_retry_create, done.message_id)
    assert tasks.tasks_tasks_status_retrieve().done >= 1 and tasks.tasks_workers_list()[0].version_matching


def blueprints():
    one = managed.managed_blueprints_list().results[0]
    assert managed.managed_blueprints_retrieve(one.pk).status == "successful"
    assert managed.managed_blueprints_apply_create(one.pk).pk == one.pk
    assert managed.managed_blueprints_available_list()[0].path == one.path
    assert managed.managed_blueprints_used_by_list(one.pk) == []
    refused(400, managed.managed_blueprints_create, m.BlueprintInstanceRequest(name="x"))
    refused(400, managed.managed_blueprints_update, one.pk, m.BlueprintInstanceRequest(name="x"))
    refused(400, managed.managed_blueprints_partial_update, one.pk, m.PatchedBlueprintInstanceRequest(name="x"))
    refused(400, managed.managed_blueprints_destroy, one.pk)
    refused(400, managed.managed_blueprints_import_create, file=b"entries: []")


def removing(mapping, provider, ada, group, parent, service):
    core.core_applications_destroy("m365")
    assert providers.providers_microsoft_entra_retrieve(provider.pk).assigned_backchannel_application_slug is None
    providers.providers_microsoft_entra_destroy(provider.pk)
    for left in providers.providers_all_list().results:
        providers.providers_all_destroy(left.pk)
    spare = mappings.propertymappings_provider_microsoft_entra_create(
        m.MicrosoftEntraProviderMappingRequest(name="spare", expression="return {}")
    )
    mappings.propertymappings_all_destroy(spare.pk)
    mappings.propertymappings_provider_microsoft_entra_destroy(mapping.pk)
    refused(404, mappings.propertymappings_all_retrieve, mapping.pk)
    core.core_users_destroy(ada.pk)
    core.core_users_destroy(service.user_pk)
    core.core_groups_destroy(group.pk)
    core.core_groups_destroy(parent.pk)
    assert "No User matches" in refused(404, core.core_users_retrieve, ada.pk)["detail"]


def main():
    ada, group, parent, service = directory()
    mapping, provider, application = setup(group)
    synced(ada, group, provider)
    reading(mapping, provider, application, ada, group)
    tokens()
    administration()
    schedules(provider)
    blueprints()
    removing(mapping, provider, ada, group, parent, service)
    parts = [json.loads(part.read_text(encoding="utf-8")) for part in pathlib.Path(DOCUMENT).glob("*.json")]
    known = {o["operationId"] for part in parts for path in part.get("paths", {}).values() for o in path.values()}
    left = sorted(known - called)
    assert not left, f"never called: {left}"
    print(f"{len(called & known)} of {len(known)} operations")


main()
