"""Changes of all users that match a filter, more than a page shows, and the guard that holds their effects back."""

from walk.browser import follow, look, signed_in
from walk.server import ORIGIN, api, await_state, make_group, make_synced, make_user, make_users

MANY = 60
# More than one transaction changes.
CROWD = 6000


def walk(browser):
    hold_back()
    make_group("Leavers")
    for number in range(MANY):
        make_user(f"temp-{number:02}", f"Temp {number}", "")
    make_user("dora", "Dora", "dora@company.com")
    page = signed_in(browser)
    change_all(page)
    refuse_another_count(page)
    show_progress(page)


def hold_back():
    """What a change of many users would suspend waits for approval, as with single changes."""
    provider = make_synced(guard_max_count=0, guard_max_percent=0)
    done = api("POST", "/causeway/users/bulk/", {"action": "deactivate", "matching": {"search": "partner.test"}, "count": 1})
    assert done == {"done": 1, "failed": 0, "failures": []}, done
    await_state(provider, "waiting")


def count(query):
    return api("GET", f"/core/users/?page_size=1&{query}")["pagination"]["count"]


def select(page, action, query="search=temp"):
    page.goto(f"{ORIGIN}/if/admin/users/?{query}")
    page.check("input[aria-label='Select temp-00']")
    page.check(f"text=All {MANY} that match")
    assert f"{MANY} selected" in page.inner_text(".bulk")
    page.select_option("#bulk-action", action)


def change_all(page):
    select(page, "deactivate")
    look(page, "bulk-matching")
    page.click("button:text-is('Continue')")
    assert page.inner_text("h1") == f"Deactivate {MANY} users?", page.inner_text("main")
    assert "temp-09" in page.inner_text("main ul") and "temp-10" not in page.inner_text("main ul")
    page.click("main button:text-is('Deactivate')")
    assert f"{MANY} done" in page.inner_text("main"), page.inner_text("main")
    assert count("is_active=false&search=temp") == MANY and count("is_active=true&search=dora") == 1
    select(page, "add", "search=temp&is_active=false")
    page.fill("#bulk-group", "Leavers")
    page.click("button:text-is('Continue')")
    page.click("main button:text-is('Add to a group')")
    assert f"{MANY} done" in page.inner_text("main"), page.inner_text("main")
    assert count("groups_by_name=Leavers") == MANY


def refuse_another_count(page):
    """If the filter finds another number than the confirmation said, nothing is changed."""
    select(page, "delete")
    page.click("button:text-is('Continue')")
    assert page.inner_text("h1") == f"Delete {MANY} users?"
    make_user("temp-new", "Temp New", "")
    page.click("main button:text-is('Delete')")
    assert f"finds {MANY + 1} now, not {MANY}" in page.inner_text(".problems")
    look(page, "bulk-refused")
    assert count("search=temp") == MANY + 1
    follow(page, "Back to the users")


def show_progress(page):
    """A large change goes on while its page shows how far it is, also for another browser and without JavaScript; its page can be loaded
    again."""
    make_users(CROWD)
    page.goto(f"{ORIGIN}/if/admin/users/?search=person")
    page.check("table input[name=chosen] >> nth=0")
    page.check("text=that match")
    page.select_option("#bulk-action", "deactivate")
    page.click("button:text-is('Continue')")
    assert page.inner_text("h1") == "Deactivate 6,000 users?", page.inner_text("main")
    page.click("main button:text-is('Deactivate')")
    bar = page.locator("[data-bulk] progress")
    assert "of 6,000 done" in page.inner_text("[data-bulk]") and bar.get_attribute("max") == "6000", page.inner_text("main")
    assert "goes on if you leave this page" in page.inner_text("main")
    plain = signed_in(page.context.browser, java_script_enabled=False)
    address = page.url
    page.goto(ORIGIN + "/if/admin/")
    plain.goto(address)
    while plain.locator("[data-bulk]").count():
        follow(plain, "Refresh")
    assert "6,000 done" in plain.inner_text("main .done"), plain.inner_text("main")
    plain.context.close()
    assert count("is_active=false&search=person") == CROWD
    page.goto(address)
    assert "6,000 done" in page.inner_text("main .done")
    page.reload()
    assert "6,000 done" in page.inner_text("main .done") and count("is_active=false&search=person") == CROWD
