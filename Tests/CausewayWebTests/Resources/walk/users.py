"""Bulk changes of users, and their export."""

import pathlib

from walk.browser import create_user, follow, go, look, signed_in
from walk.server import make_group, make_user


def walk(browser):
    make_group("Staff")
    make_user("dora", "Dora", "dora@company.com")
    make_user("frank", "Frank", "frank@company.com")
    page = signed_in(browser)
    change_several(page)
    change_groups(page)


def change_several(page):
    """Deactivates two users at once, after a confirmation. Exports the list, which keeps its order."""
    go(page, "Users")
    page.click("th a:text-is('Name')")
    go(page, "Users")
    assert page.get_attribute("th:has(a:text-is('Name'))", "aria-sort") == "ascending"
    page.click("th a:text-is('User name')")
    page.check("input[aria-label='Select dora']")
    page.check("input[aria-label='Select frank']")
    assert "2 selected" in page.inner_text(".bulk")
    page.select_option("#bulk-action", "deactivate")
    page.click("button:text-is('Continue')")
    assert page.inner_text("h1") == "Deactivate 2 users?" and "frank" in page.inner_text("main ul")
    look(page, "bulk-confirm")
    page.click("main button:text-is('Deactivate')")
    assert "2 done" in page.inner_text("main")
    look(page, "bulk-result")
    follow(page, "Back to the users")
    with page.expect_download() as download:
        page.click("a:text-is('Export')")
    lines = pathlib.Path(download.value.path()).read_text().splitlines()
    assert any(line.startswith("frank,Frank,frank@company.com,false,") for line in lines), lines
    page.check("input[aria-label='Select dora']")
    page.select_option("#bulk-action", "add")
    page.fill("#bulk-group", "Staff")
    page.click("button:text-is('Continue')")
    page.click("main button:text-is('Add to a group')")
    assert "1 done" in page.inner_text("main")
    create_user(page, "gone", "Gone Soon", "")
    go(page, "Users")
    page.check("input[aria-label='Select gone']")
    page.select_option("#bulk-action", "delete")
    page.click("button:text-is('Continue')")
    assert page.inner_text("h1") == "Delete 1 user?"
    page.click("main button:text-is('Delete')")
    assert "1 done" in page.inner_text("main")
    follow(page, "Back to the users")
    assert page.locator("input[aria-label='Select gone']").count() == 0 and page.locator("input[aria-label='Select dora']").count() == 1
    page.click("input[data-all]")
    page.select_option("#bulk-action", "add")
    page.click("button:text-is('Continue')")
    assert page.locator(".problems").count() == 1


def change_groups(page):
    """The groups of a user are changed on the user's page."""
    make_group("Team")
    go(page, "Users")
    follow(page, "frank")
    page.focus("#group")
    page.keyboard.type("Tea")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.click("button:text-is('Add to group')")
    assert page.locator(".chips a:has-text('Team')").count() == 1
    look(page, "user-groups")
    page.fill("#group", "No such group")
    page.click("button:text-is('Add to group')")
    assert "No such group" in page.inner_text(".problems")
    page.click("button[aria-label='Remove from Team']")
    assert "removed from the group" in page.inner_text(".done") and page.locator(".chips a:has-text('Team')").count() == 0
