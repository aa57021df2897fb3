"""A plan that is only shown, and a plan that is applied after a confirmation."""

from walk.browser import follow, go, look, provider, reload, signed_in
from walk.server import make_synced, wait


def walk(browser):
    make_synced()
    plan(signed_in(browser))


def plan(page):
    """Plans once without a change, and once with a change that is then applied. The schedule is paused. The pages of runs
    reload by themselves until the run ends."""
    provider(page)
    wait("what is under way", lambda: reload(page) and "In sync" in page.inner_text(".title"))
    paused(page, True)
    provider(page)
    page.click("button:text-is('Make a plan')")
    page.locator(".title:has-text('Planned')").wait_for()
    assert page.locator("a:text-is('Apply this plan')").count() == 0
    go(page, "Users")
    follow(page, "ada")
    follow(page, "Edit")
    page.fill("#name", "Ada King")
    page.click("button:text-is('Update')")
    provider(page)
    page.click("button:text-is('Make a plan')")
    page.locator("a:text-is('Apply this plan')").wait_for()
    page.click("main summary:visible >> nth=0")
    assert "Ada Lovelace" in page.inner_text("del >> nth=0") and "Ada King" in page.inner_text("ins >> nth=0")
    look(page, "plan")
    follow(page, "Apply this plan")
    assert page.inner_text("h1") == "Apply the 1 action of this plan?"
    look(page, "plan-apply")
    page.click("button:text-is('Apply 1 action')")
    page.locator(".title:has-text('Succeeded')").wait_for()
    paused(page, False)


def paused(page, is_paused):
    provider(page, "Schedule")
    page.set_checked("#paused", is_paused)
    page.click("button:text-is('Update schedule')")
    assert page.is_checked("#paused") == is_paused
