"""The schedule of a provider, and its changelog."""

from walk.browser import look, provider, signed_in
from walk.server import api, await_state, make_waiting


def walk(browser):
    key = make_waiting()
    api("PATCH", f"/providers/microsoft_entra/{key}/", {"sync_page_size": 50})
    await_state(key, "waiting")
    schedule(signed_in(browser), key)


def schedule(page, key):
    provider(page, "Schedule")
    facts = page.inner_text("main .facts")
    assert "Every 4 hours, at minute " in facts, facts
    assert "Up to 5 suspensions, deletions and removals are done without asking; more wait for approval." in facts, facts
    assert page.locator("main .facts a[href='/help/plans/#the-guard']").count() == 1
    look(page, "schedule")
    edit = page.get_by_role("main").get_by_role("link", name="Edit", exact=True)
    assert edit.get_attribute("href") == f"/if/admin/providers/{key}/edit/", edit.get_attribute("href")
    page.fill("#crontab", "whenever")
    page.click("button:text-is('Update schedule')")
    assert page.locator("#crontab-error").count() == 1
    page.fill("#crontab", "5 3 * * *")
    page.click("button:text-is('Update schedule')")
    assert "Every day at 03:05 (UTC)" in page.inner_text("main .facts")
    assert page.input_value("#crontab") == "5 3 * * *" and "Saved." in page.inner_text(".done")
    page.click(".tabs a:text-is('Changelog')")
    newest = page.locator("table.rows tbody tr >> nth=0").inner_text()
    assert "root" in newest and "Schedule" in newest and "5 3 * * *" in newest, newest
    assert page.locator(".banner-waiting").count() == 1
    look(page, "changelog")
