"""The seed page's steps: a provider, an application, the mapping for email-verified users, and the first sync."""

from walk.browser import create_user, follow, go, linked, look, provider, signed_in
from walk.server import EXPRESSION, TENANT, wait


def walk(browser):
    page = signed_in(browser)
    create_provider(page)
    create_application(page)
    create_mapping(page)
    sync_people(page)


def create_provider(page):
    go(page, "Dashboard")
    look(page, "first-steps")
    go(page, "Providers")
    look(page, "providers-empty")
    follow(page, "Create")
    look(page, "provider-type")
    page.check("text=Microsoft Entra Provider")
    page.click("button:text-is('Next')")
    look(page, "provider-create")
    page.fill("#name", "Entra ID provider")
    page.click("button:text-is('Finish')")
    assert page.title().startswith("Error: ")
    assert page.locator(".problems li").count() == 3, page.inner_text(".problems")
    assert page.input_value("#name") == "Entra ID provider"
    look(page, "provider-errors")
    for heading in ("Protocol settings", "User filtering", "Attribute mapping", "Sync settings"):
        assert page.locator(f"legend:has-text('{heading}'), summary:has-text('{heading}')").count() == 1, heading
    page.fill("#client_id", TENANT["client_id"])
    page.fill("#client_secret", "emulated-secret-value")
    page.fill("#tenant_id", TENANT["tenant_id"])
    page.click("summary:has-text('clouds')")
    page.check("text=Custom endpoints")
    page.fill("#login_endpoint", TENANT["login_endpoint"])
    page.fill("#graph_endpoint", TENANT["graph_endpoint"])
    page.fill("#client_secret", "mistyped")
    page.click("button:text-is('Check connection')")
    page.wait_for_selector("#preview .findings >> text=The client secret is wrong")
    page.fill("#client_secret", "emulated-secret-value")
    page.click("button:text-is('Check connection')")
    page.wait_for_selector("#preview .findings >> text=Signed in to")
    assert page.input_value("#client_secret") == "emulated-secret-value"
    look(page, "provider-create-check")
    page.click("button:text-is('Finish')")
    assert page.inner_text("h1") == "Entra ID provider"
    assert "Not assigned" in page.inner_text(".title")
    look(page, "provider-new")
    page.click("button:text-is('Check connection')")
    assert "Signed in to" in page.inner_text(".findings")
    look(page, "connection-check")


def create_application(page):
    go(page, "Applications")
    look(page, "applications-empty")
    provider(page)
    follow(page, "Create an application")
    assert page.locator("#backchannel_providers input:checked").count() == 1, "the provider is not selected"
    go(page, "Applications")
    follow(page, "Create")
    page.fill("#name", "Entra ID")
    assert page.input_value("#slug") == "entra-id"
    page.check("#backchannel_providers >> text=Entra ID provider")
    look(page, "application-create")
    page.click("button:text-is('Create')")
    assert "Its providers begin now" in page.inner_text(".done")
    assert page.inner_text("main ul a") == "Entra ID provider"
    look(page, "application")
    follow(page, "Edit")
    look(page, "application-edit")
    go(page, "Applications")
    look(page, "applications")


def create_mapping(page):
    go(page, "Property Mappings")
    look(page, "property-mappings")
    follow(page, "Create")
    page.check("text=Microsoft Entra Provider Mapping")
    page.click("button:text-is('Next')")
    page.fill("#name", "email-verified-users of the company")
    page.fill("#expression", "return {")
    page.click("button:text-is('Finish')")
    assert page.locator("#expression-error").count() == 1
    page.fill("#people", "root")
    page.fill("#expression", "x = 1\nreturn {")
    page.wait_for_selector(".editor-numbers .wrong:text-is('2')")
    page.fill("#expression", "")
    page.type("#expression", "if True:\nreturn None")
    assert page.input_value("#expression") == "if True:\n    return None"
    page.fill("#expression", EXPRESSION)
    page.wait_for_selector("#preview .tried")
    assert page.locator(".editor-picture .code-keyword").count() > 3
    look(page, "mapping-create")
    page.click("button:text-is('Finish')")
    assert page.inner_text("h1") == "email-verified-users of the company"
    assert "No provider uses this mapping yet." in page.inner_text("main .banner")
    follow(page, "Entra ID provider")
    assert "Provider" in page.inner_text("h1"), page.inner_text("h1")
    assert page.locator("details.group:has(#login_endpoint)").get_attribute("open") is not None, "endpoints that are in use are folded"
    assert not page.locator("label[for=login_endpoint] .optional").is_visible()
    chosen = page.locator("#property_mappings input:checked")
    assert chosen.count() == 2, "the mapping of the link is not selected"
    while chosen.count():
        chosen.first.uncheck()
    page.check("#property_mappings >> text='email-verified-users of the company'")
    look(page, "provider-edit")
    page.click("button:text-is('Update')")
    assert "Saved." in page.inner_text(".done")


def start_first_sync(page):
    """The first sync shows its plan on the dashboard and on the provider's page, and waits until a person starts it."""

    def waits():
        provider(page)
        return "This is the first sync" in page.inner_text("main")

    wait("the plan of the first sync", waits)
    assert "Waiting for approval" in page.inner_text(".title")
    look(page, "first-sync")
    go(page, "Dashboard")
    assert "This is the first sync" in page.inner_text("main")
    provider(page)
    page.click("button:text-is('Sync now')")


def sync_people(page):
    go(page, "Users")
    follow(page, "root")
    follow(page, "Edit")
    page.fill("#email", "root@company.com")
    page.click("button:text-is('Update')")
    create_user(page, "ada", "Ada Lovelace", "ada@company.com")
    look(page, "user")
    create_user(page, "bob", "Bob Partner", "bob@partner.test")
    start_first_sync(page)
    wait("both to be linked", lambda: all(name in linked(page) for name in ("ada", "bob")))
    look(page, "provisioned-users")
    go(page, "Users")
    follow(page, "bob")
    assert "Linked to" in page.inner_text("main") and "federated" in page.inner_text("main")
