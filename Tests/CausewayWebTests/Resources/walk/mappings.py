"""Previews of a property mapping."""

from walk.browser import follow, go, look, signed_in
from walk.server import make_mapping, make_people


def walk(browser):
    make_people()
    make_mapping()
    page = signed_in(browser)
    managed(page)
    preview(page)


def managed(page):
    """Mappings that come with Causeway are hidden until they are asked for, and a button copies one."""
    go(page, "Property Mappings")
    assert page.locator("tbody tr").count() == 1, page.inner_text("table")
    follow(page, "Show managed mappings")
    assert page.locator("tbody tr").count() > 15
    look(page, "property-mappings-managed")
    follow(page, "manager: from an attribute")
    follow(page, "Copy")
    assert page.input_value("#name") == "manager: from an attribute (copy)"
    assert "MANAGER =" in page.input_value("#expression")
    page.click("button:text-is('Finish')")
    assert page.inner_text("h1") == "manager: from an attribute (copy)" and "part of Causeway" not in page.inner_text("main")
    assert "No provider uses this mapping yet." in page.inner_text("main .banner")
    go(page, "Property Mappings")
    assert page.locator("tbody tr").count() == 2


def preview(page):
    go(page, "Property Mappings")
    follow(page, "email-verified-users of the company")
    page.fill("#person", "nobody at all")
    page.click("button:text-is('Preview')")
    assert "nobody at all" in page.inner_text(".problems")
    page.fill("#person", "bob")
    page.click("button:text-is('Preview')")
    assert '"issuerAssignedId": "bob@partner.test"' in page.inner_text("pre >> nth=0"), page.inner_text("main")
    look(page, "mapping-preview")
    follow(page, "Delete")
    look(page, "mapping-delete")
    follow(page, "Cancel")
    follow(page, "Edit")
    page.fill("#people", "bob, nobody")
    page.click("button:text-is('Preview')")
    page.wait_for_selector("#preview pre:has-text('issuerAssignedId')")
    assert "nobody" in page.inner_text("#preview .error")
    look(page, "mapping-edit")
    page.check("#sample")
    page.click("button:text-is('Preview')")
    page.wait_for_selector("#preview h3:has-text('3 previewed')")
