"""Pickers: two lists with a search, by keyboard alone and without JavaScript, and suggestions of names."""

from playwright.sync_api import expect

from walk.browser import follow, go, look, new_page, sign_in, signed_in
from walk.server import ORIGIN, api, make_group, make_user

MANY = 60
FAR = "Team 57"


def walk(browser):
    for number in range(MANY):
        make_group(f"Team {number:02}")
    make_user("dora", "Dora Field", "dora@company.com")
    make_user("dorothy", "Dorothy Lake", "dorothy@company.com")
    page = signed_in(browser)
    by_keyboard(page)
    by_pointer(page)
    kinds(page)
    suggestions(page)
    without_script(browser)


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def tab_to(page, name):
    for _ in range(90):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {name}, but {focused(page)}")


def parents(group):
    found = api("GET", f"/core/groups/?include_users=false&include_parents=true&name={group}")["results"]
    return sorted(parent["name"] for parent in found[0]["parents_obj"])


def by_keyboard(page):
    """Selects a group beyond the first page, and another one, with keys only. The server is asked for pages, never for all."""
    sizes = []
    page.on("request", lambda request: "/api/v3/core/groups/" in request.url and sizes.append(request.url))
    page.goto(ORIGIN + "/if/admin/groups/create/")
    others = page.locator("#parents [data-others] .choice")
    assert others.count() == 50
    page.focus("#name")
    page.keyboard.type("Inner")
    tab_to(page, "parents-search")
    page.keyboard.type(FAR)
    expect(others).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert focused(page) == "parents-search", focused(page)
    assert FAR in page.inner_text("#parents [data-chosen]")
    assert page.inner_text("#parents [role=status]") == f"{FAR} is selected. 1 selected."
    for _ in FAR:
        page.keyboard.press("Backspace")
    expect(others).to_have_count(50)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert "Team 01" in page.inner_text("#parents [data-chosen]") and focused(page).startswith("parents-"), focused(page)
    page.keyboard.press("End")
    last = focused(page)
    page.keyboard.press("Tab")
    assert focused(page) == "Show more", focused(page)
    page.keyboard.press("Enter")
    expect(others).to_have_count(MANY - 2)
    assert focused(page) != last
    look(page, "picker")
    tab_to(page, "Create")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Inner')")
    assert parents("Inner") == ["Team 01", FAR], parents("Inner")
    assert sizes and all("page_size=50" in url for url in sizes), sizes


def by_pointer(page):
    """A click takes a group out of the selected ones, and the form does not offer the group itself."""
    follow(page, "Edit")
    assert page.locator("#parents [data-chosen] .choice").count() == 2
    assert page.locator("#parents label:has-text('Inner')").count() == 0
    page.uncheck("#parents >> text='Team 01'")
    assert "Team 01" in page.inner_text("#parents [data-others]")
    page.click("button:text-is('Update')")
    assert parents("Inner") == [FAR], parents("Inner")


def kinds(page):
    """Mappings for users and for groups are offered where they belong; one that may be for either in both places."""
    for name, expression in (
        ("own for users", "return {'job_title': request.user.name}"), ("own for groups", "return {'description': group.name}"),
        ("own for both", "return {'display_name': 'x'}"),
    ):
        api("POST", "/propertymappings/provider/microsoft_entra/", {"name": name, "expression": expression})
    page.goto(ORIGIN + "/if/admin/providers/create/microsoft-entra/")
    users, groups = page.inner_text("#property_mappings"), page.inner_text("#property_mappings_group")
    for name in ("own for users", "own for both", "manager: from an attribute"):
        assert name in users, users
    for name in ("own for groups", "own for both", "groups: security"):
        assert name in groups, groups
    assert "own for groups" not in users and "groups: security" not in users
    assert "own for users" not in groups and "manager: from an attribute" not in groups
    assert page.inner_text("#property_mappings [data-chosen]").strip() == "authentik default Microsoft Entra Mapping: User"
    page.fill("#property_mappings-search", "manager")
    assert page.locator("#property_mappings [data-others] .choice:visible").count() == 1


def suggestions(page):
    """Names are suggested while a person types, and arrow keys select one."""
    go(page, "Groups")
    follow(page, "Team 00")
    page.focus("#person")
    page.keyboard.type("dor")
    page.wait_for_selector("[role=option]")
    assert page.locator("[role=option]").count() == 2
    assert page.get_attribute("#person", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "dorothy" in page.inner_text(f"#{page.get_attribute('#person', 'aria-activedescendant')}")
    look(page, "suggestions")
    page.focus("#person")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Escape")
    assert page.locator("[role=option]:visible").count() == 0
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[role=option]:visible")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#person") == "dora"
    page.keyboard.press("Enter")
    page.wait_for_selector("table a:has-text('dora')")


def without_script(browser):
    """Without JavaScript, a search in a picker submits the form and keeps what was entered; a name that is no user name shows choices."""
    page = new_page(browser, java_script_enabled=False)
    page.goto(ORIGIN + "/if/admin/groups/create/")
    sign_in(page)
    page.fill("#name", "Plain")
    page.check("#parents >> text='Team 02'")
    page.fill("#parents-search", FAR)
    page.press("#parents-search", "Enter")
    assert page.input_value("#name") == "Plain"
    assert "Team 02" in page.inner_text("#parents [data-chosen]")
    page.check(f"#parents >> text='{FAR}'")
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == "Plain", page.inner_text("main")
    assert parents("Plain") == ["Team 02", FAR], parents("Plain")
    page.fill("#person", "doroth")
    page.click("button:text-is('Add member')")
    assert "no user named" in page.inner_text(".problems")
    page.click(".problems button:has-text('dorothy')")
    assert "dorothy" in page.inner_text("table")
