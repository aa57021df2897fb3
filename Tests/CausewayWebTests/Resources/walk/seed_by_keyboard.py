"""The seed page's steps with the keyboard alone, and what a screen reader is told on each page."""

from walk import outline
from walk.browser import new_page
from walk.keys import Keys
from walk.server import EXPRESSION, MAPPING, ORIGIN, PASSWORD, PROVIDER, SECRET, TENANT, api, await_state


def walk(browser):
    page = new_page(browser, locale="en-US", timezone_id="UTC", reduced_motion="reduce")
    keys = Keys(page)
    sign_in(keys)
    menus(keys)
    create_provider(keys)
    create_application(keys)
    create_mapping(keys)
    swap_mapping(keys)
    sync_people(keys)
    confirm(keys)
    narrow(keys)


def sign_in(keys):
    keys.page.goto(ORIGIN + "/if/admin/")
    outline.check(keys.page, "sign-in", part=None)
    keys.fill(username="root", password="wrong")
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.errors()
    outline.check(keys.page, "sign-in-refused")
    keys.fill(username="root", password=PASSWORD)
    keys.follow("Sign in")
    outline.check(keys.page, "dashboard", part=None)


def menus(keys):
    """The skip link leads to the content; the menu of the account opens by Enter and closes by Escape."""
    page = keys.page
    assert keys.tab()["words"] == "Skip to the content"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    keys.press("Shift+Tab")
    page.reload()
    keys.to("Account root")
    keys.press("Enter")
    assert page.locator(".account .panel").is_visible()
    assert keys.tab()["words"] == "Your account"
    keys.press("Escape")
    assert not page.locator(".account .panel").is_visible() and keys.focus()["words"] == "Account root"


def create_provider(keys):
    page = keys.page
    keys.follow("Providers")
    outline.check(page, "providers-empty")
    keys.follow("Create")
    outline.check(page, "provider-type")
    keys.to("Microsoft Entra Provider")
    keys.press("Space")
    keys.follow("Next")
    outline.check(page, "provider-create")
    help_of_field(keys)
    keys.fill(name=PROVIDER)
    keys.follow("Finish")
    keys.errors()
    outline.check(page, "provider-errors")
    assert keys.tab()["words"].startswith("Client ID")
    keys.press("Enter")
    assert keys.focus()["id"] == "client_id", keys.focus()
    keys.fill(client_id=TENANT["client_id"], client_secret=SECRET, tenant_id=TENANT["tenant_id"])
    keys.to("National and other clouds")
    keys.press("Enter")
    custom = page.locator("input[name=cloud][value=custom]")
    while not page.evaluate("document.activeElement.name === 'cloud'"):
        keys.tab()
    for _ in range(10):
        if custom.is_checked():
            break
        keys.press("ArrowDown")
    keys.fill(login_endpoint=TENANT["login_endpoint"], graph_endpoint=TENANT["graph_endpoint"])
    keys.to("Check connection")
    keys.press("Enter")
    page.wait_for_selector("#preview .findings >> text=Signed in to")
    keys.follow("Finish")
    assert page.inner_text("h1") == PROVIDER
    outline.check(page, "provider-new")


def help_of_field(keys):
    """F1 opens the help of a field in a new tab, so that nothing entered is lost; its links are no stops of the Tab key."""
    page = keys.page
    assert page.locator(".field > .help[tabindex='-1']").count() == page.locator(".field > .help").count() > 20
    keys.to("#tenant_id")
    with page.expect_popup() as opened:
        keys.press("F1")
    help = opened.value
    help.wait_for_load_state()
    assert help.url.endswith("/help/register-in-entra/#1-register-the-app"), help.url
    help.close()


def create_application(keys):
    page = keys.page
    keys.follow("Applications")
    outline.check(page, "applications-empty")
    keys.follow("Create")
    keys.fill(name="Entra ID")
    assert page.input_value("#slug") == "entra-id"
    keys.to(PROVIDER)
    keys.press("Space")
    assert page.locator(f"#backchannel_providers [data-chosen] >> text={PROVIDER}").count() == 1
    outline.check(page, "application-create")
    keys.follow("Create")
    outline.check(page, "application")


def create_mapping(keys):
    """The editor lets the Tab key go."""
    page = keys.page
    keys.follow("Property Mappings")
    outline.check(page, "property-mappings-managed-hidden")
    keys.follow("Create")
    keys.follow("Next")
    keys.fill(name=MAPPING)
    keys.to("#expression")
    keys.type("return {")
    keys.follow("Finish")
    keys.errors()
    outline.check(page, "mapping-errors")
    keys.to("#expression")
    keys.press("Control+a")
    page.keyboard.insert_text(EXPRESSION)
    assert keys.tab()["id"] != "expression"
    assert keys.tab("Shift+Tab")["id"] == "expression"
    assert page.input_value("#expression") == EXPRESSION
    keys.fill(people="root")
    keys.tab()
    page.wait_for_selector("#preview .tried")
    keys.follow("Finish")
    assert page.inner_text("h1") == MAPPING
    outline.check(page, "mapping")


def swap_mapping(keys):
    page = keys.page
    keys.follow("Providers")
    keys.follow(PROVIDER)
    keys.follow("Edit")
    chosen = page.locator("#property_mappings [data-chosen] .choice")
    keys.to(chosen.inner_text())
    keys.press("Space")
    assert chosen.count() == 0 and keys.focus()["id"] == "property_mappings-search", keys.focus()
    page.keyboard.type("of the company")
    keys.press("ArrowDown")
    keys.press("Space")
    assert chosen.inner_text() == MAPPING
    outline.check(page, "provider-edit")
    keys.follow("Update")
    assert "Saved." in page.inner_text(".done")


def sync_people(keys):
    page = keys.page
    keys.follow("Users")
    keys.follow("root")
    keys.follow("Edit")
    keys.fill(email="root@company.com")
    keys.follow("Update")
    for username, name, email in (("ada", "Ada Lovelace", "ada@company.com"), ("bob", "Bob Partner", "bob@partner.test")):
        keys.follow("Users")
        keys.follow("Create")
        keys.fill(username=username, name=name, email=email)
        if username == "ada":
            outline.check(page, "user-create")
        keys.follow("Create")
        assert page.inner_text("h1") == username
    key = api("GET", "/providers/microsoft_entra/")["results"][0]["pk"]
    await_state(key, "waiting")
    keys.follow("Providers")
    keys.follow(PROVIDER)
    outline.check(page, "first-sync")
    keys.follow("Sync now")
    await_state(key, "in_sync")
    page.reload()
    outline.check(page, "provider-in-sync")
    keys.follow("Users")
    keys.follow("bob")
    assert "Linked to" in page.inner_text("main")
    outline.check(page, "user-linked")


def confirm(keys):
    """A page asks before a deletion; the way back comes before the deletion."""
    keys.follow("Delete")
    outline.check(keys.page, "user-delete")
    keys.to("Cancel")
    assert keys.tab()["words"] == "Delete user"
    with keys.page.expect_navigation():
        keys.press("Space")
    assert "Deleted." in keys.page.inner_text(".done")
    outline.check(keys.page, "users")


def narrow(keys):
    """On a phone's width the navigation is folded, and opens and closes by keys."""
    keys.page.set_viewport_size({"width": 390, "height": 900})
    keys.page.reload()
    places = keys.page.locator("nav.places ul").first
    keys.to("Menu")
    assert not places.is_visible()
    keys.press("Enter")
    assert places.is_visible()
    keys.follow("Applications")
    assert keys.page.inner_text("h1") == "Applications"
