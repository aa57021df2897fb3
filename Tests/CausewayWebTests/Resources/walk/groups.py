"""Groups: members, forms, and bulk changes."""

import pathlib

from walk.browser import follow, go, look, signed_in
from walk.server import make_group, make_user


def walk(browser):
    make_group("Staff", make_user("dora", "Dora", "dora@company.com"))
    make_user("bob", "Bob Partner", "bob@partner.test")
    page = signed_in(browser)
    change_members(page)
    change_several_groups(page)


def change_members(page):
    go(page, "Groups")
    look(page, "groups")
    follow(page, "Create")
    look(page, "group-create")
    go(page, "Groups")
    follow(page, "Staff")
    assert "dora" in page.inner_text("main")
    page.fill("#person", "bob")
    page.click("button:text-is('Add member')")
    assert "bob" in page.inner_text("table")
    look(page, "group")
    follow(page, "Edit")
    assert page.locator(".several label:has-text('Staff')").count() == 0
    look(page, "group-edit")
    follow(page, "Cancel")
    follow(page, "Delete")
    look(page, "group-delete")


def create_group(page, name):
    go(page, "Groups")
    follow(page, "Create")
    page.fill("#name", name)
    page.click("button:text-is('Create')")
    go(page, "Groups")


def bulk_groups(page, name, action, button):
    page.check(f"input[aria-label='Select {name}']")
    page.select_option("#bulk-action", action)
    page.fill("#bulk-group", "Staff")
    page.click("button:text-is('Continue')")
    page.click(f"main button:text-is('{button}')")
    assert "1 done" in page.inner_text("main")
    follow(page, "Back to the groups")


def change_several_groups(page):
    """Adds a group to another, exports both, removes the group and deletes it."""
    create_group(page, "Temps")
    bulk_groups(page, "Temps", "add", "Add to a group")
    with page.expect_download() as download:
        page.click("a:text-is('Export')")
    lines = pathlib.Path(download.value.path()).read_text().splitlines()
    assert lines[0].startswith("name,parents,members") and "Temps,Staff," in lines, lines
    assert any(line.startswith("Staff,,") and "dora" in line for line in lines), lines
    bulk_groups(page, "Temps", "remove", "Remove from a group")
    follow(page, "Temps")
    assert page.locator("main a:text-is('Staff')").count() == 0
    go(page, "Groups")
    bulk_groups(page, "Temps", "delete", "Delete")
    assert page.locator("input[aria-label='Select Temps']").count() == 0
