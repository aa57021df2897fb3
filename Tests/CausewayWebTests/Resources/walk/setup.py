"""The first administrator of a new server: the form explains mistakes, and leads to the first steps."""

from walk.browser import look, new_page
from walk.server import PASSWORD, SETUP


def walk(browser):
    page = new_page(browser)
    page.goto(SETUP)
    look(page, "setup")
    page.fill("#username", "first")
    page.fill("#password", "short")
    page.fill("#password_again", "shorter")
    page.click("main button")
    assert page.locator(".problems").count() == 1 and page.input_value("#username") == "first"
    assert "do not match" in page.inner_text("#password_again-error") and page.title().startswith("Error: ")
    page.fill("#password", "password1234")
    page.fill("#password_again", "password1234")
    page.click("main button")
    assert "easy to guess" in page.inner_text("#password-error") and page.get_attribute("#password", "aria-invalid") == "true"
    look(page, "setup-refused")
    page.click(".problems a")
    assert page.evaluate("document.activeElement.id") == "password"
    look(german(browser), "german-setup")
    without_script(browser)


def german(browser):
    page = new_page(browser, locale="de-DE")
    page.goto(SETUP)
    return page


def without_script(browser):
    page = new_page(browser, java_script_enabled=False)
    page.goto(SETUP)
    page.fill("#username", "first")
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.click("main button")
    assert page.inner_text("h1") == "Dashboard" and "First steps" in page.inner_text("main")
