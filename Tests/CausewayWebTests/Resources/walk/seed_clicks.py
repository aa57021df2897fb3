"""The seed page's steps by its own labels, from the sign-in to a synced tenant: how many clicks they take."""

import contextlib

from walk.browser import follow, go, new_page, sign_in
from walk.server import EXPRESSION, MAPPING, ORIGIN, PROVIDER, SECRET, TENANT, api, await_state, make_people, wait

MOST = 21


class Clicks:
    """Counts what a person clicks: presses of the pointer's button."""

    def __init__(self, page):
        self.count, self.parts, self.isCounted = 0, {}, True
        page.expose_function("pressed", self.press)
        page.add_init_script("addEventListener('pointerdown', (event) => { if (event.isTrusted) window.pressed(); }, true)")

    def press(self):
        self.count += self.isCounted

    @contextlib.contextmanager
    def part(self, name):
        before = self.count
        yield
        self.parts[name] = self.count - before

    @contextlib.contextmanager
    def uncounted(self):
        """What only an emulated tenant needs: the addresses of Microsoft's cloud are there already."""
        self.isCounted = False
        yield
        self.isCounted = True


def walk(browser):
    make_people()
    page = new_page(browser)
    clicks = Clicks(page)
    page.goto(ORIGIN + "/if/admin/")
    with clicks.part("sign-in"):
        sign_in(page)
        page.wait_for_selector("nav.places")
    with clicks.part("provider"):
        create_provider(page, clicks)
    with clicks.part("application"):
        go(page, "Applications")
        follow(page, "Create")
        page.fill("#name", "Entra ID")
        page.check(f"#backchannel_providers >> text={PROVIDER}")
        page.click("button:text-is('Create')")
    with clicks.part("mapping"):
        go(page, "Property Mappings")
        follow(page, "Create")
        page.click("button:text-is('Next')")
        page.fill("#name", MAPPING)
        page.fill("#expression", EXPRESSION)
        page.click("button:text-is('Finish')")
    with clicks.part("swap"):
        go(page, "Providers")
        follow(page, PROVIDER)
        follow(page, "Edit")
        page.locator("#property_mappings input:checked").uncheck()
        page.check(f"#property_mappings >> text='{MAPPING}'")
        page.click("button:text-is('Update')")
    with clicks.part("sync"):
        synchronize(page)
    print(f"{clicks.count} clicks: {clicks.parts}")
    assert all(clicks.parts.values()) and 15 < clicks.count <= MOST, f"{clicks.count} clicks: {clicks.parts}"


def create_provider(page, clicks):
    go(page, "Providers")
    follow(page, "Create")
    assert page.is_checked("text=Microsoft Entra Provider")
    page.click("button:text-is('Next')")
    page.fill("#name", PROVIDER)
    page.fill("#client_id", TENANT["client_id"])
    page.fill("#client_secret", SECRET)
    page.fill("#tenant_id", TENANT["tenant_id"])
    with clicks.uncounted():
        page.click("summary:has-text('clouds')")
        page.check("text=Custom endpoints")
    page.fill("#login_endpoint", TENANT["login_endpoint"])
    page.fill("#graph_endpoint", TENANT["graph_endpoint"])
    page.click("button:text-is('Finish')")


def synchronize(page):
    key = api("GET", "/providers/microsoft_entra/")["results"][0]["pk"]
    await_state(key, "waiting")
    page.click("button:text-is('Sync now')")
    await_state(key, "in_sync")
    wait("all to be linked", lambda: api("GET", f"/providers/microsoft_entra_users/?provider__id={key}")["pagination"]["count"] == 3)
