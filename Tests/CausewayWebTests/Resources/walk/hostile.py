"""Scripts in every field and address, and forms that other sites send."""

import json

from walk.browser import errors, follow, go, look, signed_in
from walk.server import ORIGIN, make_waiting

HOSTILE = "<img src=x onerror=hacked()><script>hacked()</script>\"'{{token}}"
ADDRESSES = (
    "users/?search=", "groups/?search=", "events/?search=", "applications/?search=", "users/", "sign-in/?next=", "users/?ordering=",
    "users/?done=", "setup/?token=",
)


def walk(browser):
    make_waiting()
    page = signed_in(browser)
    inject(page)
    forge(browser, page.context)


def inject(page):
    """Text that looks like a script does nothing, in any field or address."""
    page.context.expose_function("hacked", lambda: errors.append("a script was injected"))
    go(page, "Groups")
    follow(page, "Create")
    page.fill("#name", HOSTILE)
    page.click("summary:text-is('As JSON')")
    page.fill("#attributes", json.dumps({"a": HOSTILE}))
    assert page.input_value("[aria-label='Value 1']") == HOSTILE
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == HOSTILE, page.inner_text("h1")
    create_hostile(page, "Users", {"username": "mallory", "name": HOSTILE, "path": HOSTILE, "attributes": json.dumps({HOSTILE: HOSTILE})})
    create_hostile(page, "Applications", {"name": HOSTILE, "slug": "hostile", "group": HOSTILE, "meta_description": HOSTILE})
    for address in ADDRESSES:
        base = "/if/" if address.startswith(("sign-in", "setup")) else "/if/admin/"
        page.goto(ORIGIN + base + address + HOSTILE.replace("#", "%23"))
    for place in ("Users", "Groups", "Applications", "Logs", "Dashboard"):
        page.goto(ORIGIN + "/if/admin/")
        go(page, place)
        page.wait_for_timeout(100)
    go(page, "Logs")
    table = page.inner_text("table.rows:not(.short)")
    assert "custom_" not in table and "Approval required" in table, table
    look(page, "events")
    page.click("table.rows tbody a:visible >> nth=0")
    look(page, "event")


def create_hostile(page, place, values):
    go(page, place)
    follow(page, "Create")
    for summary in page.locator("main form details:not([open]) > summary").all():
        summary.click()
    for name, value in values.items():
        page.fill(f"#{name}", value)
    page.click("main button.primary")
    assert page.locator(".problems").count() == 0, page.inner_text(".problems")


def forge(browser, context):
    """A form that another site sends changes nothing, unless it knows the token."""
    cookie = {c["name"]: c["value"] for c in context.cookies()}["causeway_session"]
    request = browser.new_context().request
    form = {"name": "Forged", "attributes": "{}"}
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}, {"Sec-Fetch-Site": "same-origin"}):
        for token in (None, "guessed"):
            sent = form | ({"_token": token} if token else {})
            all_headers = {"Cookie": f"causeway_session={cookie}"} | headers
            answer = request.post(ORIGIN + "/if/admin/groups/create/", form=sent, headers=all_headers, max_redirects=0)
            # A form of this site whose session has ended is kept, and shown again.
            expected = 303 if headers.get("Sec-Fetch-Site") == "same-origin" else 403
            assert answer.status == expected, (headers, token, answer.status)
            assert expected == 403 or "/groups/create/?kept=" in answer.headers["location"], answer.headers
    page = context.new_page()
    page.goto("about:blank")
    fields = "<input name=name value=Forged><input name=attributes value='{}'>"
    page.set_content(f"<form id=f method=post action='{ORIGIN}/if/admin/groups/create/'>{fields}</form>")
    with page.expect_navigation():
        page.evaluate("document.getElementById('f').submit()")
    assert page.locator("text=Forged").count() == 0
    page.goto(ORIGIN + "/if/admin/groups/?search=Forged")
    assert "Nothing matches" in page.inner_text("main")
    page.close()
