"""The page of a provider: its numbers, what appears on it by itself, pause and resume, and a run that is canceled."""

from walk.browser import follow, look, provider, signed_in
from walk.server import api, hold, make_synced, make_user, make_users, wait


def walk(browser):
    key = make_synced()
    page = signed_in(browser)
    provider(page)
    figures(page)
    by_itself(page)
    not_live(page)
    pause(page)
    cancel(page, key)


def figure(page, label):
    return page.locator(f"main tr:has(th:text-is('{label}')) td.number").first.inner_text()


def figures(page):
    """Every number leads to the list that it counts."""
    assert figure(page, "In scope") == figure(page, "Linked") == "3", page.inner_text("main")
    assert figure(page, "Suspended") == figure(page, "Failing") == "0"
    page.click("tr:has(th:text-is('Linked')) td.number a >> nth=0")
    assert page.locator("table.list tbody tr").count() == 3
    page.select_option("#filter-state", "failing")
    page.click("button:text-is('Apply')")
    assert page.locator("table.list tbody tr").count() == 0
    assert "Nothing matches these filters." in page.inner_text("main")
    provider(page)
    assert "company.com" in page.inner_text("main .facts")


def by_itself(page):
    """A change of the directory is synced, and the idle page shows it without being loaded again."""
    page.evaluate("window.isSame = true")
    page.focus("button:text-is('Sync now')")
    make_user("eve", "Eve", "eve@company.com")
    wait("eve to be counted", lambda: figure(page, "In scope") == figure(page, "Linked") == "4")
    assert page.evaluate("window.isSame"), "the page was loaded again"
    assert page.evaluate("document.activeElement.textContent.trim()") == "Sync now"
    make_user("dan", "Dan", "")
    page.wait_for_selector(".title .state:has-text('Failing')")
    page.click(".sentence a:has-text('1 object fails')")
    assert page.url.endswith("/failures/")
    page.go_back()
    page.wait_for_selector(".title .state:has-text('Failing')")
    look(page, "provider-failing")
    page.click("tr:has(th:text-is('Failing')) td.number a >> nth=0")
    assert page.url.endswith("/failures/?kind=user") and "Only users are shown." in page.inner_text("main")
    provider(page)


def again(page):
    """Closes the page's stream and opens it again, as a browser does with a page that was out of sight."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def not_live(page):
    page.route("**/api/v3/causeway/providers/*/events/", lambda route: route.fulfill(status=403))
    again(page)
    page.wait_for_selector("[data-stream]:has-text('Not live since')")
    page.unroute("**/api/v3/causeway/providers/*/events/")
    again(page)
    wait("the page to be live", lambda: "Not live" not in page.locator("[data-stream]").inner_text())


def pause(page):
    page.click("button:text-is('Pause')")
    assert "Paused." in page.inner_text(".done")
    follow(page, "It is paused.")
    assert page.is_checked("#paused")
    provider(page)
    page.click("button:text-is('Resume')")
    assert "Resumed." in page.inner_text(".done")


def cancel(page, key):
    """A run begins on the idle page, and is canceled there: it ends cleanly, and says what was done."""
    hold(20)
    page.evaluate("window.isSame = true")
    make_users(600)
    page.wait_for_selector("button:text-is('Cancel run')")
    wait("the run to send", lambda: "20 of" in page.inner_text("main [data-progress]") or writes(key) >= 20)
    assert page.evaluate("window.isSame"), "the page was loaded again"
    look(page, "provider-running")
    page.click("button:text-is('Cancel run')")
    assert "/if/admin/runs/" in page.url and "The run is canceled." in page.inner_text(".done")
    assert "Canceled by root." in page.inner_text("main") and page.locator("button:text-is('Cancel run')").count() == 0
    look(page, "run-canceling")
    hold(None)
    page.wait_for_selector(".title .state:has-text('Canceled')")
    text = page.inner_text(".sentence")
    assert text.startswith("Canceled by root after ") and text.endswith("The next full sync does what is left."), text
    look(page, "run-canceled")
    provider(page)
    assert "A run since the last full sync was interrupted, canceled or rejected." in page.inner_text("main")
    page.click("button:text-is('Sync now')")
    wait("everybody to be linked", lambda: figure(page, "Linked") == "604")


def writes(key):
    run = api("GET", f"/causeway/providers/{key}/overview/")["running"]
    return sum(count["count"] for count in (run or {"counts": []})["counts"] if count["outcome"] in ("sent", "applied"))
