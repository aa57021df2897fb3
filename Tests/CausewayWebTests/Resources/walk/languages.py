"""The interface in German: as the browser asks for it, and as the account chooses it; times in the viewer's time zone; messages of the API
and the engine."""

import re

from walk.browser import look, new_page, sign_in, signed_in
from walk.server import MESSAGES, ORIGIN, api, await_state, make_synced, make_user, wait

PLACES = ("users/", "groups/", "providers/", "property-mappings/", "applications/", "events/", "tokens/", "administrators/", "system/")


def walk(browser):
    provider = make_synced(guard_max_count=0, guard_max_percent=0)
    asked(browser)
    chosen(browser)
    pages(browser, provider)
    messages(signed_in(browser, locale="de-DE"), provider)


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


def messages(page, provider):
    refused(page)
    imported(page)
    checked(page, provider)
    explained(page)
    failed(page, provider)
    held(page, provider)


def refused(page):
    """A form with a value that the API refuses."""
    page.goto(ORIGIN + "/if/admin/users/create/")
    page.fill("#username", "ada")
    page.fill("#name", "Ada")
    page.click("main form button.primary")
    text = german(page, "german-refused")
    assert "Dieser Wert ist bereits vergeben. Er muss eindeutig sein." in text, text


def imported(page):
    page.goto(ORIGIN + "/if/admin/users/import/")
    page.fill("#users", "username,name,email\np1,Person 1,\np2,Person 2,not an address\n")
    page.click("main button:text-is('Vorschau anzeigen')")
    text = german(page, "german-import")
    assert "Benutzer haben keine Adresse." in text and "Geben Sie eine gültige E-Mail-Adresse ein." in text, text


def checked(page, provider):
    page.goto(f"{ORIGIN}/if/admin/providers/{provider}/")
    page.click("button:text-is('Verbindung testen')")
    text = german(page, "german-check")
    assert "angemeldet. Überprüfte Domänen:" in text and "Der Anbieter ist einer Anwendung zugewiesen." in text, text


def explained(page):
    page.goto(f"{ORIGIN}/if/admin/users/{user('ada')}/")
    text = german(page, "german-explanation")
    assert "Es ist nichts zu tun: Entra entspricht dem Verzeichnis." in text and "Alle Benutzer werden bereitgestellt" in text, text


def failed(page, provider):
    """A user without an address, from the provider's page to the cause."""
    make_user("carl", "Carl Without", "")
    await_state(provider, "failing")
    page.goto(f"{ORIGIN}/if/admin/providers/{provider}/")
    text = german(page, "german-failing")
    assert "1 Objekt schlägt fehl." in text, text
    page.goto(f"{ORIGIN}/if/admin/providers/{provider}/failures/")
    page.click(".card h2 a")
    text = german(page, "german-cause")
    assert "hat ein Element ohne issuerAssignedId." in text and "Geben Sie sign_in_type" in text, text


def held(page, provider):
    """A deletion that the guard holds back, and the log of all this."""
    api("DELETE", f"/core/users/{user('carl')}/")
    api("DELETE", f"/core/users/{user('bob')}/")
    await_state(provider, "waiting")
    run = wait("the run", lambda: [r for r in runs(provider) if r["status"] == "awaiting_approval"])[0]
    page.goto(f"{ORIGIN}/if/admin/runs/{run['pk']}/")
    text = german(page, "german-held")
    assert "Dieser Lauf würde 1 von " in text and "Die Schutzgrenze lässt höchstens 0 " in text, text
    page.goto(ORIGIN + "/if/admin/events/")
    german(page, "german-log")


def runs(provider):
    return api("GET", f"/causeway/providers/{provider}/runs/")["results"]


def user(name):
    return api("GET", f"/core/users/?username={name}")["results"][0]["pk"]


def german(page, name):
    """The text of a page, on which no message is in English."""
    assert language(page) == "de"
    text = page.inner_text("main")
    english = [found.group() for message in MESSAGES if (found := re.search(message, text))]
    assert not english, (name, english)
    look(page, name)
    return text


def language(page):
    return page.get_attribute("html", "lang")


def time_of(page):
    time = page.locator("main time").first
    return time.inner_text(), time.get_attribute("datetime")
