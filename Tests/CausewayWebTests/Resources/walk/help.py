"""The documentation: from a page to its place in it, the search, the API reference, and without a sign-in."""

from walk.browser import follow, go, look, new_page, signed_in
from walk.server import ORIGIN


def walk(browser):
    page = signed_in(browser)
    from_pages(page)
    reference(page)
    stranger(new_page(browser))


def from_pages(page):
    go(page, "Property Mappings")
    page.click("header a:has-text('Help')")
    assert page.inner_text("h1") == "Property mappings"
    look(page, "help-page")
    page.goto(ORIGIN + "/if/admin/providers/create/microsoft-entra/")
    # Without an event of the field, so that the page does not ask when it is left.
    page.evaluate("document.getElementById('name').value = 'Entered before the help was opened'")
    opened = in_new_tab(page, lambda: page.click("a[title='Help: Client ID']"))
    assert opened.url.endswith("/help/register-in-entra/#1-register-the-app")
    opened.close()
    words = "Where do these values come from? Register Causeway in Microsoft Entra (opens in a new tab)"
    opened = in_new_tab(page, lambda: follow(page, words))
    assert opened.inner_text("h1") == "Register Causeway in Microsoft Entra"
    assert page.input_value("#name") == "Entered before the help was opened"
    assert "(opens in a new tab)" in page.get_by_title("Help: Client ID", exact=True).text_content()
    opened.close()
    page.goto(ORIGIN + "/help/register-in-entra/")
    page.click("nav[aria-labelledby='on-this-page'] >> text='6. National clouds'")
    assert page.evaluate("document.querySelector(':target').textContent") == "6. National clouds"
    page.goto(ORIGIN + "/if/admin/providers/create/microsoft-entra/")
    page.click("summary:has-text('Sync settings')")
    opened = in_new_tab(page, lambda: page.click("a[title='Help: User deletion action']"))
    assert "deleted" in opened.inner_text("tr:target")
    opened.close()
    page.goto(ORIGIN + "/help/")
    look(page, "help")
    for words in ("block sign-in", "block a leaver at once"):
        page.fill("#help-query", words)
        page.press("#help-query", "Enter")
        first = page.locator(".hits a").first.inner_text()
        assert first == "Block the sign-in of a leaver at once", (words, first)
    page.fill("#help-query", "admin consent")
    page.press("#help-query", "Enter")
    look(page, "help-search")
    follow(page, "3. Grant admin consent")
    assert page.inner_text("h1") == "Register Causeway in Microsoft Entra"


def in_new_tab(page, click):
    """What a click opens in a tab of its own: the form stays as it is, and the page knows nothing of the form."""
    with page.expect_popup() as popup:
        click()
    popup.value.wait_for_load_state()
    assert popup.value.evaluate("window.opener") is None
    return popup.value


def reference(page):
    page.goto(ORIGIN + "/help/")
    follow(page, "API reference")
    look(page, "api-reference")
    page.fill("#operation-query", "quarantine")
    page.press("#operation-query", "Enter")
    page.click("a[href$='#causeway_providers_quarantine_destroy']")
    assert page.locator("section:target h2").inner_text() == "causeway_providers_quarantine_destroy"
    page.goto(ORIGIN + "/help/api/tasks/")
    page.click("main summary >> nth=0")
    look(page, "api-tag")


def stranger(page):
    page.goto(ORIGIN + "/if/sign-in/")
    page.click("header a:has-text('Help')")
    assert page.locator("h1").count() == 1 and page.locator("nav.places").count() == 0
    page.goto(ORIGIN + "/help/plans/")
    look(page, "help-signed-out")
    page.goto(ORIGIN + "/help/project/changelog/")
    assert "/if/sign-in/?next=" in page.url
