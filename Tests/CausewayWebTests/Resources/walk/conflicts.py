"""Two people edit the same object: both versions are kept, and merged by field."""

from walk.browser import follow, go, look, provider, signed_in, watch
from walk.server import MAPPING, ORIGIN, api, make_provider, make_user


def walk(browser):
    make_user("dora", "Dora", "dora@company.com")
    make_provider()
    page = signed_in(browser)
    other = watch(page.context.new_page())
    merged(page, other)
    overlapping(page, other)
    overwritten(page, other)
    of_expressions(page, other)
    of_schedules(page, other)


def user():
    return api("GET", "/core/users/?username=dora")["results"][0]


def both_edit(*pages):
    for tab in pages:
        tab.goto(ORIGIN + "/if/admin/users/?search=dora")
        follow(tab, "dora")
        follow(tab, "Edit")


def update(tab):
    tab.click("button.primary:text-is('Update')")


def merged(page, other):
    """Fields that only one of the two changed are merged, and saved with one click."""
    both_edit(page, other)
    other.fill("#email", "dora@new.test")
    update(other)
    page.fill("#name", "Dora the Second")
    update(page)
    assert "changed different fields" in page.inner_text(".conflict"), page.inner_text("main")
    assert page.evaluate("document.activeElement.classList.contains('conflict')")
    assert (page.input_value("#name"), page.input_value("#email")) == ("Dora the Second", "dora@new.test")
    for text in ("Only you changed this.", "Only someone else changed this.", "dora@company.com"):
        assert text in page.inner_text(".conflict"), text
    saves = page.locator(".conflict > ul > li")
    assert saves.count() == 1 and "root" in saves.inner_text(), page.inner_text(".conflict")
    assert "Only someone else changed this. It is in the form. (root," in page.inner_text(".versions:has(h3:text-is('Email'))")
    assert "root" not in page.inner_text(".versions:has(h3:text-is('Name'))")
    look(page, "conflict-merged")
    update(page)
    assert "Saved." in page.inner_text(".done")
    assert (user()["name"], user()["email"]) == ("Dora the Second", "dora@new.test")


def overlapping(page, other):
    """Of a field that both changed, either version can be selected; what else was entered stays."""
    both_edit(page, other)
    other.fill("#name", "Theirs")
    update(other)
    page.fill("#name", "Mine")
    page.fill("#path", "users/new")
    update(page)
    versions = page.inner_text(".versions:has(h3:text-is('Name'))")
    assert all(text in versions for text in ("Dora the Second", "Theirs", "Mine", "Both of you changed this.")), versions
    assert page.input_value("#name") == "Mine"
    look(page, "conflict")
    page.click("[aria-label='Name: Use the saved version']")
    assert (page.input_value("#name"), page.input_value("#path")) == ("Theirs", "users/new")
    page.click("[aria-label='Name: Use my version']")
    assert page.input_value("#name") == "Mine"
    page.click("[aria-label='Name: Use the saved version']")
    update(page)
    assert (user()["name"], user()["path"]) == ("Theirs", "users/new")


def overwritten(page, other):
    """One click saves all that was entered over the other's version, and one takes over the other's."""
    both_edit(page, other)
    other.fill("#name", "Theirs again")
    other.fill("#email", "their@new.test")
    update(other)
    page.fill("#name", "Mine again")
    update(page)
    page.click("text=Save all of mine over it")
    assert "Saved." in page.inner_text(".done")
    assert (user()["name"], user()["email"]) == ("Mine again", "dora@new.test")
    both_edit(page, other)
    other.fill("#name", "Theirs at last")
    update(other)
    page.fill("#name", "Mine at last")
    update(page)
    page.click("text=Start from what is saved")
    assert page.input_value("#name") == "Theirs at last" and page.locator(".conflict").count() == 0


def of_expressions(page, other):
    """Of a text of several lines the page shows what each of the two changed, line by line."""
    for tab in (page, other):
        tab.goto(ORIGIN + "/if/admin/property-mappings/")
        follow(tab, MAPPING)
        follow(tab, "Edit")
    lines = page.input_value("#expression")
    other.fill("#expression", "# theirs\n" + lines)
    update(other)
    page.fill("#expression", lines + "\n# mine")
    update(page)
    added = page.locator(".conflict .line.added").all_inner_texts()
    assert [line.split() for line in added] == [["+", "#", "theirs"], ["+", "#", "mine"]], added
    assert "What someone else changed" in page.inner_text(".conflict") and page.locator(".conflict .line.removed").count() == 0
    look(page, "conflict-expression")
    page.click("[aria-label='Expression: Use the saved version']")
    assert page.input_value("#expression").startswith("# theirs") and "root" in page.inner_text(".conflict > ul")
    update(page)
    assert "Saved." in page.inner_text(".done")


def of_schedules(page, other):
    for tab in (page, other):
        tab.goto(ORIGIN + "/if/admin/")
        provider(tab, "Schedule")
    other.fill("#crontab", "15 3 * * *")
    other.click("form.form button.primary")
    page.fill("#crontab", "45 4 * * *")
    page.click("form.form button.primary")
    assert "root" in page.inner_text(".conflict > ul") and "15 3 * * *" in page.inner_text(".conflict") and page.input_value("#crontab") == "45 4 * * *"
    look(page, "conflict-schedule")
    page.click("form.form button.primary")
    assert "Saved." in page.inner_text(".done")
    go(page, "Dashboard")
