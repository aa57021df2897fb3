"""A deletion that the guard holds back until a person approves it."""

from walk.browser import follow, go, linked, look, provider, signed_in
from walk.server import api, make_synced, wait


def walk(browser):
    make_synced()
    approve(signed_in(browser))


def approve(page):
    provider(page)
    follow(page, "Edit")
    page.click("summary:has-text('Sync settings')")
    page.fill("#guard_max_count", "0")
    page.fill("#guard_max_percent", "0")
    page.click("button:text-is('Update')")
    go(page, "Users")
    follow(page, "ada")
    follow(page, "Delete")
    assert page.inner_text("h1") == "Delete the user ada" or "Delete" in page.inner_text("h1")
    look(page, "user-delete")
    page.click("button:text-is('Delete user')")

    def waits():
        provider(page)
        return page.locator("a:text-is('Review the plan')").count()

    wait("the deletion to be held back", waits)
    look(page, "provider-waiting")
    go(page, "Dashboard")
    look(page, "dashboard-waiting")
    page.click("a:text-is('Review the plan') >> nth=0")
    assert "waiting for approval" in page.inner_text("h1"), page.inner_text("h1")
    look(page, "run-waiting")
    follow(page, "Approve")
    assert "1 held action" in page.inner_text("h1")
    look(page, "approve")
    page.click("button.danger:text-is('Approve 1 action')")
    assert "Approved by root." in page.inner_text(".sentence")
    page.wait_for_selector(".sentence:has-text('applied 1 action.')")
    page.wait_for_selector("[data-stream]", state="detached")
    look(page, "run-approved")
    page.click(".sentence a")
    assert "Succeeded" in page.inner_text(".title") and "root" in page.inner_text("main .facts")

    def is_gone():
        text = linked(page)
        return "ada" not in text and "bob" in text

    wait("the account to be deleted", is_gone)
    granted = api("GET", "/causeway/events/?action=approval_granted")["results"][0]
    assert (granted["user"], granted["channel"], granted["client_ip"]) == ("root", "interface", "127.0.0.1"), granted
    assert api("GET", "/causeway/events/?action=approval_required")["results"][0]["channel"] == "engine"
