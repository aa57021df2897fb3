"""A user that cannot be synced: the failure is shown, retried and fixed."""

from walk.browser import create_user, follow, go, linked, look, provider, reload, signed_in
from walk.server import make_synced, wait


def walk(browser):
    make_synced()
    fail_and_retry(signed_in(browser))


def fail_and_retry(page):
    create_user(page, "carl", "Carl Without", "")

    def failed():
        provider(page)
        return "Failing" in page.inner_text(".title")

    wait("the failure to be told", failed)
    look(page, "provider-failures")
    page.click("[aria-label='Runs'] tbody a:visible >> nth=0")
    text = page.inner_text("main")
    assert "carl" in text and "Failed" in text, text
    page.select_option("#action", index=1)
    page.click("button:text-is('Apply')")
    assert "carl" in page.inner_text("table.rows >> nth=1")
    look(page, "run-failures")
    page.fill("#search", "someone else")
    page.click("button:text-is('Apply')")
    assert "carl" not in page.inner_text("main")
    provider(page, "Failures")
    assert "carl" in page.inner_text(".card") and "1 object" in page.inner_text(".card")
    look(page, "failures")
    page.click(".card h2 a")
    assert "/failures/user%3A" in page.url, page.url
    assert "carl" in page.inner_text("table.rows tbody") and "Failing since" in page.inner_text(".card")
    look(page, "failure-cause")
    with page.expect_download() as export:
        page.click("a:text-is('Export')")
    lines = open(export.value.path(), encoding="utf-8").read().splitlines()
    assert len(lines) == 2 and ",carl," in lines[1], lines
    page.click("button:text-is('Retry these')")
    assert "/if/admin/runs/" in page.url, page.url
    page.wait_for_selector("main table >> text=carl")
    provider(page, "Failures")
    page.click("button:text-is('Retry all now')")
    go(page, "Users")
    follow(page, "carl")
    follow(page, "Edit")
    page.fill("#email", "carl@company.com")
    look(page, "user-edit")
    page.click("button:text-is('Update')")
    wait("carl to be linked", lambda: "carl" in linked(page))
    provider(page, "Failures")
    wait("nothing to fail", lambda: reload(page) and "No failures." in page.inner_text("main"))
