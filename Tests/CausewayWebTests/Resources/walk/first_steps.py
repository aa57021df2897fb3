"""The first steps stay until the first sync has finished; an application says what it starts, and refuses the wrong place."""

from walk.browser import follow, go, look, provider, signed_in
from walk.server import PROVIDER, SECRET, api, await_state, make_people, make_unassigned, wait


def walk(browser):
    page = signed_in(browser)
    assert states(page) == {"Add your users": "Next"} | dict.fromkeys(STEPS[1:], "To do"), states(page)
    make_people()
    key = make_unassigned(review_first_sync=True)
    go(page, "Dashboard")
    assert states(page)["Connect the tenant"] == "Completed" and states(page)["Check the connection"] == "Next"
    check(page)
    assign(page, key)
    finish(page, key)


STEPS = [
    "Add your users", "Connect the tenant", "Check the connection", "Assign the provider", "Preview the property mappings",
    "Review the plan", "Sync",
]


def states(page):
    found = page.locator(".tasks li")
    return {item.locator("a").first.inner_text(): item.locator(".task-state").inner_text() for item in found.all()}


def check(page):
    """A check that fails completes no step; one that signs in does, until the provider signs in differently."""
    step = "Check the connection"
    key = api("GET", "/providers/microsoft_entra/")["results"][0]["pk"]
    path = f"/providers/microsoft_entra/{key}/"
    api("PATCH", path, {"client_secret": "not the secret"})
    press_check(page)
    assert "Signed in to" not in page.inner_text("main")
    go(page, "Dashboard")
    assert states(page)[step] == "Next"
    api("PATCH", path, {"client_secret": SECRET})
    press_check(page)
    assert "Signed in to" in page.inner_text("main")
    go(page, "Dashboard")
    assert states(page)[step] == "Completed" and states(page)["Assign the provider"] == "Next", states(page)
    api("PATCH", path, {"client_secret": "not the secret"})
    go(page, "Dashboard")
    assert states(page)[step] == "Next"
    api("PATCH", path, {"client_secret": SECRET})


def press_check(page):
    provider(page)
    with page.expect_navigation():
        page.click("button:text-is('Check connection')")


def assign(page, key):
    """The provider under the wrong field is refused by the form. Where it is there already, pages say so."""
    go(page, "Applications")
    follow(page, "Create")
    starts = page.inner_text("section:has(#form-notes)")
    assert "3 users and " in starts and "makes a plan and waits" in starts, starts
    page.fill("#name", "Portal")
    page.select_option("#provider", label=PROVIDER)
    look(page, "application-starts")
    page.click("button:text-is('Create')")
    assert "synced only under Backchannel Providers" in page.inner_text("#provider-error")
    api("POST", "/core/applications/", {"name": "Portal", "slug": "portal", "provider": key})
    provider(page)
    assert "“Portal” has it under “Provider”" in page.inner_text(".banner")
    assert "Nothing has been sent" not in page.inner_text("main")
    look(page, "provider-mistaken")
    go(page, "Dashboard")
    assert "only under “Backchannel Providers”" in page.inner_text(".tasks")
    follow(page, "Assign the provider")
    assert page.inner_text("h1") == "Update application"
    go(page, "Applications")
    follow(page, "Portal")
    assert "is selected under “Provider”" in page.inner_text(".banner")
    look(page, "application-mistaken")
    follow(page, "Move it to Backchannel Providers")
    page.select_option("#provider", "")
    page.check(f"#backchannel_providers >> text={PROVIDER}")
    page.click("button:text-is('Update')")
    assert "Saved." in page.inner_text(".done") and page.locator(".banner").count() == 0


def finish(page, key):
    await_state(key, "waiting")
    go(page, "Dashboard")
    wanted = dict.fromkeys(STEPS[:-1], "Completed") | {"Sync": "Next", "Preview the property mappings": "To do"}
    assert states(page) == wanted, states(page)
    look(page, "first-steps-waiting")
    mapping = api("GET", f"/providers/microsoft_entra/{key}/")["property_mappings"][0]
    bob = api("GET", "/core/users/?username=bob")["results"][0]["pk"]
    for users, state in (([], "To do"), ([bob], "Completed")):
        api("POST", "/causeway/mappings/preview/", {"mapping": mapping, "users": users})
        go(page, "Dashboard")
        assert states(page)["Preview the property mappings"] == state, states(page)
    provider(page)
    page.click("button:text-is('Sync now')")
    await_state(key, "in_sync")

    def is_done():
        go(page, "Dashboard")
        return page.locator(".tasks").count() == 0

    wait("the end of the first steps", is_done)
