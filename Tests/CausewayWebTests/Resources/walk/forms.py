"""Forms whose session ends, and forms of two people who edit the same object."""

from walk.browser import follow, go, look, sign_in, signed_in, watch
from walk.server import ORIGIN, make_user


def walk(browser):
    make_user("dora", "Dora", "dora@company.com")
    page = signed_in(browser)
    outlive(page, page.context)
    stale(page, page.context)


def outlive(page, context):
    """A form that is sent after its session has ended can be sent again after the sign-in."""
    go(page, "Users")
    follow(page, "Create")
    page.fill("#username", "grace")
    page.fill("#name", "Grace <&> Hopper")
    page.click("button:text-is('Add an attribute')")
    page.fill("[aria-label='Name 1']", "floor")
    page.fill("[aria-label='Value 1']", "3")
    look(page, "user-create")
    context.clear_cookies(name="causeway_session")
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == "Not sent yet"
    look(page, "unsent")
    with context.expect_page() as opened:
        page.click("a:text-is('Sign in')")
    sign_in(opened.value)
    opened.value.wait_for_selector("nav.places")
    opened.value.close()
    page.click("button:text-is('Send again')")
    page.click("button:text-is('Send again')")
    assert page.inner_text("h1") == "grace", page.inner_text("main")
    assert '"floor": 3' in page.inner_text("pre >> nth=-1") and "Grace <&> Hopper" in page.inner_text("main")


def stale(page, context):
    """The later of two people who edit the same user gets a warning, and overwrites nothing."""
    other = watch(context.new_page())
    for tab in (page, other):
        tab.goto(ORIGIN + "/if/admin/users/?search=dora")
        follow(tab, "dora")
        follow(tab, "Edit")
    other.fill("#name", "Dora the First")
    other.click("button:text-is('Update')")
    page.fill("#name", "Dora the Second")
    page.click("button:text-is('Update')")
    assert "changed in the meantime" in page.inner_text(".problems")
    other.close()
