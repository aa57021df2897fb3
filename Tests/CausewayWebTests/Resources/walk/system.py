"""Tokens, the state of the server, a page that does not exist, and the themes."""

import datetime
import re

from walk.browser import account, follow, go, look, signed_in
from walk.server import ORIGIN, wait


def walk(browser):
    page = signed_in(browser)
    administer(page)
    themes(page)


def administer(page):
    go(page, "Tokens")
    follow(page, "Create")
    page.fill("#identifier", "script")
    look(page, "token-create")
    page.check("text=In 30 days")
    page.click("main button.primary")
    look(page, "token")
    assert days_left(page) in (29, 30)
    show_once(page)
    follow(page, "Edit")
    assert page.is_checked("text=As set now")
    page.check("text=Never")
    page.click("main button.primary")
    assert "Never" in page.inner_text("dl.facts")
    go(page, "Tokens")
    look(page, "tokens")
    page.click("nav.places a[href='/if/admin/system/']")
    look(page, "system")
    drain(page)
    page.goto(ORIGIN + "/if/admin/nothing/")
    assert page.inner_text("h1") == "Page not found" and page.locator("nav.places").count() == 1
    look(page, "not-found")


def drain(page):
    """The only node is drained, which the page warns of, and works again."""
    page.click("main button:text-is('Drain')")
    page.wait_for_selector("main button:text-is('Resume')")
    assert "starts no new work" in page.inner_text("p.done")
    assert "nothing is synced" in page.inner_text("main") and "Draining" in page.inner_text("main")
    look(page, "system-drained")
    page.click("main button:text-is('Resume')")
    page.wait_for_selector("main button:text-is('Drain')")
    assert "nothing is synced" not in page.inner_text("main") and "Draining" not in page.inner_text("main")


def days_left(page):
    end = datetime.datetime.fromisoformat(page.get_attribute("dl.facts time", "datetime"))
    return (end - datetime.datetime.now(datetime.timezone.utc)).days


def show_once(page):
    """The key is there once: not after a reload, not after going back, and there is no button for it any more."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("button:text-is('Show the key')")
    key = page.inner_text(".key")
    assert re.fullmatch(r"\S{20,}", key)
    page.click("main button.copy")
    assert page.evaluate("navigator.clipboard.readText()") == key
    assert page.locator("button:text-is('Show the key')").count() == 0
    look(page, "token-key")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.locator(".key").count() == 0, "a page that the browser keeps has the key"
    page.reload()
    assert page.locator(".key").count() == 0 and key not in page.content()
    page.go_back()
    assert page.locator(".key").count() == 0 and key not in page.content()
    page.goto(ORIGIN + "/if/admin/tokens/script/")
    assert page.locator("button:text-is('Show the key')").count() == 0
    assert "was shown and is not stored" in page.inner_text("main")


def themes(page):
    page.goto(ORIGIN + "/if/admin/")
    account(page, "Dark")
    page.wait_for_load_state()
    wait("the dark theme", lambda: page.get_attribute("html", "data-theme") == "dark")
    account(page, "System")
    wait("the system's theme", lambda: page.get_attribute("html", "data-theme") == "system")
