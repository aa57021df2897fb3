"""The pages without JavaScript."""

from walk.browser import account, follow, go, signed_in
from walk.server import make_mapping, make_people


def walk(browser):
    make_people()
    make_mapping()
    without_script(signed_in(browser, java_script_enabled=False))


def without_script(page):
    go(page, "Providers")
    follow(page, "Create")
    page.check("text=Microsoft Entra Provider")
    page.click("button:text-is('Next')")
    page.click("button:text-is('Finish')")
    assert page.locator(".problems li").count() == 4
    go(page, "Applications")
    follow(page, "Create")
    page.fill("#name", "Plain")
    page.fill("#slug", "plain")
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == "Plain"
    follow(page, "Delete")
    page.click("button:text-is('Delete application')")
    assert "Deleted." in page.inner_text(".done")
    go(page, "Property Mappings")
    follow(page, "email-verified-users of the company")
    page.fill("#person", "bob")
    page.click("button:text-is('Preview')")
    assert "bob@partner.test" in page.inner_text("main")
    follow(page, "Edit")
    page.fill("#people", "bob")
    page.click("button:text-is('Preview')")
    assert "bob@partner.test" in page.inner_text("#preview pre >> nth=0")
    account(page, "Sign out")
    assert "/if/sign-in/" in page.url
