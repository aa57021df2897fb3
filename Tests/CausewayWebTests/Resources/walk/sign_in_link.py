"""A link of `causeway open`, as the browser of a desktop gets it: in a file. Its button signs in, once."""

from walk.browser import look, new_page
from walk.server import LINK, ORIGIN


def walk(browser):
    page = new_page(browser)
    open_link(page)
    look(page, "sign-in-link")
    page = new_page(browser, java_script_enabled=False)
    open_link(page)
    page.click("main button")
    assert page.url == ORIGIN + "/if/admin/" and page.inner_text("h1") == "Dashboard", page.url
    open_link(page)
    page.click("main button")
    assert "was used" in page.inner_text(".problems")


def open_link(page):
    page.goto(LINK)
    page.wait_for_url(ORIGIN + "/if/sign-in/link/**")
