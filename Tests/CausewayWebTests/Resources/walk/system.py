"""Tokens, the state of the server, a page that does not exist, and the themes."""

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
    page.click("main button.primary")
    look(page, "token")
    page.click("button:text-is('Show the key')")
    assert re.fullmatch(r"\S{20,}", page.inner_text(".key"))
    page.click("button:text-is('Show the key')")
    assert page.locator(".key").count() == 0
    go(page, "Tokens")
    look(page, "tokens")
    page.click("nav.places a[href='/if/admin/system/']")
    look(page, "system")
    page.goto(ORIGIN + "/if/admin/nothing/")
    assert page.inner_text("h1") == "Page not found" and page.locator("nav.places").count() == 1
    look(page, "not-found")


def themes(page):
    page.goto(ORIGIN + "/if/admin/")
    account(page, "Dark")
    page.wait_for_load_state()
    wait("the dark theme", lambda: page.get_attribute("html", "data-theme") == "dark")
    account(page, "System")
    wait("the system's theme", lambda: page.get_attribute("html", "data-theme") == "system")
