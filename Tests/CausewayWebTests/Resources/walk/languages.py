"""The interface in German: as the browser asks for it, and as the account chooses it; times in the viewer's time zone."""

from walk.browser import look, new_page, sign_in, signed_in
from walk.server import ORIGIN, api, make_synced

PLACES = ("users/", "groups/", "providers/", "property-mappings/", "applications/", "events/", "tokens/", "administrators/", "system/")


def walk(browser):
    provider = make_synced()
    asked(browser)
    chosen(browser)
    pages(browser, provider)


def asked(browser):
    """A German browser in New York."""
    page = new_page(browser, locale="de-DE", timezone_id="America/New_York")
    page.goto(ORIGIN + "/if/admin/")
    assert language(page) == "de" and page.inner_text("h1") == "Anmelden"
    look(page, "german-sign-in")
    page.fill("#password", "wrong")
    sign_in(page)
    assert "America/New_York" in page.inner_text("footer")
    page.goto(ORIGIN + "/if/admin/nothing/")
    assert language(page) == "de" and "nicht gefunden" in page.inner_text("h1")
    page.context.close()


def chosen(browser):
    """An English browser, whose user chooses German and a time zone, and then the browser's language again."""
    page = signed_in(browser, locale="en-US", timezone_id="UTC")
    assert language(page) == "en"
    page.goto(ORIGIN + "/if/admin/account/")
    page.select_option("#language", label="Deutsch")
    page.select_option("#time_zone", label="Asia/Kathmandu")
    page.click("main form:has(#language) button")
    assert language(page) == "de" and page.input_value("#language") == "de"
    assert "Asia/Kathmandu" in page.inner_text("footer")
    page.goto(ORIGIN + "/if/admin/system/")
    shown, exact = time_of(page)
    hours, minutes = (int(part) for part in exact.split("T")[1].split(":")[:2])
    local = (hours * 60 + minutes + 345) % (24 * 60)
    assert f"{local // 60:02}:{local % 60:02}" in shown, (shown, exact)
    page.goto(ORIGIN + "/if/admin/account/")
    page.select_option("#language", value="")
    page.click("main form:has(#language) button")
    assert language(page) == "en"
    assert api("GET", "/causeway/preferences/") == {"language": None, "time_zone": "Asia/Kathmandu"}
    page.context.close()


def pages(browser, provider):
    page = signed_in(browser, locale="de-DE")
    look(page, "german-dashboard")
    for place in PLACES:
        page.goto(f"{ORIGIN}/if/admin/{place}")
        assert language(page) == "de"
        look(page, "german-" + place.strip("/"))
    for place in ("", "edit/", "failures/", "runs/", "schedule/"):
        page.goto(f"{ORIGIN}/if/admin/providers/{provider}/{place}")
        look(page, "german-provider-" + (place.strip("/") or "overview"))


def language(page):
    return page.get_attribute("html", "lang")


def time_of(page):
    time = page.locator("main time").first
    return time.inner_text(), time.get_attribute("datetime")
