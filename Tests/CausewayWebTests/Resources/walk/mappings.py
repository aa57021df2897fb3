"""Previews of a property mapping."""

from walk.browser import follow, go, look, signed_in
from walk.server import make_mapping, make_people


def walk(browser):
    make_people()
    make_mapping()
    preview(signed_in(browser))


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
