"""Groups: members, forms, and bulk changes."""

import pathlib

from walk.browser import follow, go, look, signed_in
from walk.server import api, make_group, make_user


def walk(browser):
    make_group("Staff", make_user("dora", "Dora", "dora@company.com"))
    make_user("bob", "Bob Partner", "bob@partner.test")
    page = signed_in(browser)
    change_members(page)
    change_several_groups(page)
    nest(page)
    make_administrators(page)
    make_administrators_by_parent(page)


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
    assert page.locator("main a:has-text('Staff')").count() == 0
    go(page, "Groups")
    bulk_groups(page, "Temps", "delete", "Delete")
    assert page.locator("input[aria-label='Select Temps']").count() == 0


def nest(page):
    """Groups within groups are shown as a tree, on a page of their own and on the page of the outermost."""
    outer = api("GET", "/core/groups/?name=Staff")["results"][0]["pk"]
    inner = api("POST", "/core/groups/", {"name": "Engineering", "parents": [outer]})["pk"]
    api("POST", "/core/groups/", {"name": "Platform", "parents": [inner]})
    go(page, "Groups")
    follow(page, "Tree")
    assert page.locator(".tree .tree .tree a:has-text('Platform')").count() == 1, page.inner_text("main")
    assert "2 direct members" in page.inner_text(".tree > li >> nth=0")
    look(page, "group-tree")
    follow(page, "Staff")
    assert page.locator(".tree .tree a:has-text('Platform')").count() == 1
    look(page, "group-nested")


def make_administrators(page):
    """Members become administrators only after a page has said how many they are."""
    follow(page, "Edit")
    assert "may do everything" in page.inner_text("#is_superuser-hint")
    page.fill("#name", "Staff of all")
    page.check("#is_superuser")
    page.click("button:text-is('Update')")
    assert page.inner_text("h1") == "Make the members of Staff of all administrators of Causeway?"
    assert "2 people become administrators" in page.inner_text("main")
    look(page, "superusers-confirm")
    follow(page, "Cancel")
    assert api("GET", "/core/groups/?name=Staff")["results"][0]["is_superuser"] is False
    follow(page, "Edit")
    page.check("#is_superuser")
    page.click("button:text-is('Update')")
    page.click("button:text-is('Make them administrators')")
    assert "Saved." in page.inner_text(".done")
    assert api("GET", "/core/groups/?name=Staff")["results"][0]["is_superuser"] is True
    follow(page, "Edit")
    page.click("button:text-is('Update')")
    assert "Saved." in page.inner_text(".done")


def make_administrator(page, name, full):
    """One user becomes an administrator by a membership only after a page has asked, from either side."""
    key = make_user(name, full, "")
    for side, field, address in (("Engineering", "person", name), (name, "group", "Engineering")):
        go(page, "Groups" if side == "Engineering" else "Users")
        follow(page, side)
        page.fill(f"#{field}", address)
        page.click("main button:text-is('Add member')" if field == "person" else "main button:text-is('Add to group')")
        assert page.inner_text("h1") == f"Make {name} an administrator of Causeway?", page.inner_text("h1")
        assert "members of Engineering are administrators" in page.inner_text("main")
        look(page, f"superusers-{field}")
        if field == "person":
            follow(page, "Cancel")
            assert not api("GET", f"/core/users/{key}/")["is_superuser"]
    page.click("main button:text-is('Make administrator')")
    assert page.locator(".done").count() == 1 and api("GET", f"/core/users/{key}/")["is_superuser"]


def make_administrators_by_parent(page):
    """Members become administrators by a group above theirs, too: a page warns when the form adds a parent, and when many are added."""
    make_group("Visitors", api("GET", "/core/users/?username=root")["results"][0]["pk"], make_user("vera", "Vera", ""))
    go(page, "Groups")
    follow(page, "Visitors")
    follow(page, "Edit")
    page.click("label:has-text('Platform')")
    page.click("button:text-is('Update')")
    assert page.inner_text("h1") == "Make the members of Visitors administrators of Causeway?"
    text = page.inner_text("main")
    assert "members of Platform are administrators" in text and "1 person becomes an administrator" in text, text
    look(page, "superusers-parent")
    follow(page, "Cancel")
    go(page, "Groups")
    page.check("input[aria-label='Select Visitors']")
    page.select_option("#bulk-action", "add")
    page.fill("#bulk-group", "Engineering")
    page.click("button:text-is('Continue')")
    text = page.inner_text("main")
    assert "members of Engineering are administrators" in text and "Up to 1 member of the added groups" in text, text
    look(page, "superusers-bulk")
    page.click("main button:text-is('Make them administrators')")
    assert "1 done" in page.inner_text("main")
    assert api("GET", "/core/users/?username=vera")["results"][0]["is_superuser"]
    make_administrator(page, "wilma", "Wilma")
    go(page, "Groups")
    follow(page, "Visitors")
    follow(page, "Edit")
    page.click("button:text-is('Update')")
    assert "Saved." in page.inner_text(".done")
