"""Sign-in and sign-out: the return to the requested page, planted sessions, addresses of other sites."""

from walk.browser import account, look, new_page, sign_in
from walk.server import ORIGIN


def walk(browser):
    page = new_page(browser)
    page.context.add_cookies([{"name": "causeway_session", "value": "planted", "url": ORIGIN}])
    page.goto(ORIGIN + "/if/admin/users/?search=a")
    assert "/if/sign-in/" in page.url, page.url
    look(page, "sign-in")
    sign_in(page, "wrong")
    assert "wrong" in page.inner_text(".problems")
    assert page.evaluate("document.activeElement.className") == "problems"
    sign_in(page)
    assert page.url.endswith("/if/admin/users/?search=a"), page.url
    keys = [c["value"] for c in page.context.cookies() if c["name"] == "causeway_session"]
    assert keys and keys != ["planted"], "a session that someone else planted lives on"
    for elsewhere in ("//example.com/", "https://example.com/", "/if/admin/../../x", "/\\example.com"):
        page.goto(ORIGIN + "/if/sign-in/?next=" + elsewhere)
        assert page.url.startswith(ORIGIN + "/"), page.url
    sign_out(page)


def sign_out(page):
    page.goto(ORIGIN + "/if/admin/")
    account(page, "Sign out")
    page.goto(ORIGIN + "/if/admin/")
    assert "/if/sign-in/" in page.url
