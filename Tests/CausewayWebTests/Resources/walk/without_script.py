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
    import_columns(page)
    account(page, "Sign out")
    assert "/if/sign-in/" in page.url


def import_columns(page):
    go(page, "Users")
    follow(page, "Import")
    page.fill("#users", "login,Team\nivy,Maths\n")
    page.click("button:text-is('Preview')")
    page.get_by_label("Becomes: Team").select_option(label="Attribute department")
    page.click("button:text-is('Preview again')")
    assert "department: Maths" in page.inner_text("main")
    page.click("main button:text-is('Import')")
    assert "1 user created" in page.inner_text("main")
