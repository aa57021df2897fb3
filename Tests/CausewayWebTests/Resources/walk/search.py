"""The search over everything: suggestions by keyboard, the page of results, its shortcuts, and without JavaScript."""

from walk.browser import account, follow, go, look, signed_in
from walk.server import ORIGIN, api, make_group, make_synced, wait


def walk(browser):
    provider = make_synced()
    make_group("Sales team")
    page = signed_in(browser)
    suggestions(page)
    shortcuts(page)
    results(page, provider)
    plain(signed_in(browser, java_script_enabled=False))


def suggestions(page):
    assert page.get_attribute("#find", "role") == "combobox" and page.get_attribute("#find", "aria-expanded") == "false"
    page.fill("#find", "lovelace")
    page.wait_for_selector("#found [role=option]")
    assert page.get_attribute("#find", "aria-expanded") == "true"
    page.press("#find", "ArrowDown")
    option = page.get_attribute("#find", "aria-activedescendant")
    assert page.get_attribute(f"#{option}", "aria-selected") == "true" and page.inner_text(f"#{option}").startswith("ada")
    look(page, "search-suggestions")
    page.fill("#find", "lovelac")
    page.wait_for_selector("#found [role=option]")
    page.press("#find", "Escape")
    assert page.locator("#found").is_hidden() and page.get_attribute("#find", "aria-expanded") == "false"
    page.fill("#find", "lovelace")
    page.wait_for_selector("#found [role=option]")
    page.press("#find", "ArrowDown")
    page.press("#find", "Enter")
    page.wait_for_selector("h1:has-text('ada')")


def shortcuts(page):
    def is_focused():
        return page.evaluate("document.activeElement.id") == "find"

    page.goto(ORIGIN + "/if/admin/")
    page.keyboard.press("/")
    assert is_focused() and page.input_value("#find") == ""
    go(page, "Users")
    page.focus("#search-users")
    page.keyboard.press("/")
    assert not is_focused() and page.input_value("#search-users") == "/"
    page.keyboard.press("Control+k")
    assert is_focused()
    account(page, "Off")
    wait("the page without the shortcut", lambda: page.locator("#find[data-shortcut]").count() == 0)
    page.keyboard.press("/")
    assert not is_focused()
    page.keyboard.press("Control+k")
    assert is_focused()
    account(page, "On")
    wait("the page with the shortcut", lambda: page.locator("#find[data-shortcut]").count() == 1)


def results(page, provider):
    run = api("GET", f"/causeway/providers/{provider}/runs/")["results"][0]["pk"]
    link = api("GET", f"/providers/microsoft_entra_users/?provider__id={provider}")["results"][0]
    for query, address in [
        (run, f"/if/admin/runs/{run}/"), (link["microsoft_id"], f"/if/admin/providers/{provider}/users/{link['id']}/"),
        ("sales team", "/if/admin/groups/"), ("email-verified", "/if/admin/property-mappings/"), ("entra-id", "/if/admin/applications/entra-id/"),
        ("percent of managed", f"/if/admin/providers/{provider}/edit/?open=sync#guard_max_percent"), ("quarantine", "/help/schedule/#quarantine"),
    ]:
        page.fill("#find", query)
        page.press("#find", "Enter")
        page.wait_for_url("**/search/?q=*")
        assert page.locator(f"[data-hit] a[href^='{address}']").count() >= 1, f"{query}: {page.inner_text('main')}"
    page.goto(ORIGIN + "/if/admin/search/?q=percent")
    follow(page, "Maximum destructive changes without approval (percent of managed objects and memberships)")
    assert page.locator("#guard_max_percent").is_visible()
    page.goto(ORIGIN + "/if/admin/search/?q=company.com")
    look(page, "search")
    page.goto(ORIGIN + "/if/admin/search/?q=nothing-has-this-name")
    look(page, "search-empty")


def plain(page):
    page.fill("#find", "lovelace")
    page.press("#find", "Enter")
    assert page.inner_text("h1") == "Results for “lovelace”"
    follow(page, "ada")
    assert page.inner_text("h1") == "ada"
