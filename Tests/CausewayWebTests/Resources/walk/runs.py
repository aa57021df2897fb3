"""A synced provider: its links, its runs, its drift, and the dashboard."""

from walk.browser import follow, go, look, provider, reload, signed_in
from walk.server import make_synced, wait


def walk(browser):
    make_synced()
    page = signed_in(browser)
    go(page, "Users")
    look(page, "users")
    follow(page, "bob")
    assert "Linked to" in page.inner_text("main") and "federated" in page.inner_text("main")
    look(page, "user-synced")
    page.click("button:text-is('Sync now')")
    assert page.locator("main .done").count() == 1
    provider(page)
    wait("all to be in sync", lambda: reload(page) and "In sync" in page.inner_text(".title"))
    look(page, "provider")
    settings = {
        entry.locator("dt").inner_text(): entry.locator("dd").inner_text() for entry in page.locator(".settings dl > div").all()
    }
    assert settings["User deletion action"] == "Delete" and settings["Dry run"] == "No", settings
    assert settings["User Property Mappings"] not in ("", "–") and "Client Secret" not in settings, settings
    page.click(".tabs a:text-is('Runs')")
    look(page, "runs")
    page.click("table.rows tbody a:visible >> nth=0")
    look(page, "run")
    provider(page, "Drift")
    look(page, "drift")
    go(page, "Dashboard")
    look(page, "dashboard")
