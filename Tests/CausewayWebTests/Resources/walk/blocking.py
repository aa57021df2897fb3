"""The sign-in of a user is blocked at once, in Entra too, and allowed again; lists say that the account is suspended."""

from walk.browser import follow, go, look, provider, reload, signed_in
from walk.server import make_synced, wait


def walk(browser):
    make_synced()
    page = signed_in(browser)
    live(page)
    shown(page)
    synced(page)
    plain(signed_in(browser, java_script_enabled=False))


def open_user(page, name):
    go(page, "Users")
    follow(page, name)


def live(page):
    """One question, and then the page says by itself when it has happened."""
    open_user(page, "ada")
    assert page.locator("main .card [role=status]").first.inner_text().strip() == ""
    follow(page, "Block sign-in")
    assert page.inner_text("h1") == "Block the sign-in of ada?"
    text = page.inner_text("main")
    assert "Entra ID provider: the account is suspended in Entra within seconds." in text, text
    assert "Sessions that are already open in Entra are not ended" in text, text
    look(page, "user-block")
    page.click("main button.danger:text-is('Block sign-in')")
    page.evaluate("window.isSame = true")
    page.wait_for_selector(".state:has-text('Sign-in is blocked in Entra since')")
    assert page.evaluate("window.isSame"), "the page was loaded again"
    page.wait_for_selector("[data-stream]", state="detached")
    assert page.locator("a:text-is('Allow sign-in')").count() == 1
    text = page.inner_text("main .steps")
    assert "Suspended" in text, text
    assert "There is nothing to do" in text, text
    look(page, "user-blocked")


def shown(page):
    """The list, the filter and the page of the link call the account suspended."""
    provider(page, "Users")
    assert "Suspended" in page.inner_text("tr:has-text('ada')") and "Suspended" not in page.inner_text("tr:has-text('bob')")
    follow(page, "ada")
    assert "Suspended" in page.inner_text("main .facts")
    follow(page, "Runs that changed it")
    assert page.url.endswith("#history-1"), page.url
    if page.locator("main details:not([open])").count():
        page.click("main summary:text-is('History')")
    page.click("main details[open] tbody a >> nth=0")
    assert page.input_value("#search") == "ada" and "Suspend" in page.inner_text("main")


def synced(page):
    """The result of a sync has an address; if there was nothing to do, it says what was done last."""
    open_user(page, "ada")
    page.click("button:text-is('Sync now')")
    for _ in range(2):
        text = page.inner_text("main .done")
        assert "There was nothing to do" in text and "Last applied: Suspend user" in text, text
        page.reload()
    page.click(".done a")
    assert "Started by" in page.inner_text("main .facts") and "root" in page.inner_text("main .facts")
    open_user(page, "ada")
    follow(page, "Allow sign-in")
    assert "unless a property mapping says otherwise" in page.inner_text("main")
    page.click("main button.primary:text-is('Allow sign-in')")
    wait("ada to be allowed", lambda: page.locator("a:text-is('Block sign-in')").count() and page.locator(".state-working").count() == 0)


def plain(page):
    open_user(page, "bob")
    follow(page, "Block sign-in")
    page.click("main button:text-is('Block sign-in')")
    assert "The user is inactive." in page.inner_text(".done")
    wait("bob to be blocked", lambda: reload(page) and "Sign-in is blocked in Entra since" in page.inner_text("main"))
