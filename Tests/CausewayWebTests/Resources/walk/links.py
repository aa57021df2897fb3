"""A link that is ended, and that the next sync creates again."""

from walk.browser import follow, linked, look, provider, signed_in
from walk.server import make_synced, wait


def walk(browser):
    make_synced()
    unlink(signed_in(browser))


def unlink(page):
    """Ends a link. Entra stays unchanged, and the next sync finds the account again."""
    provider(page, "Users")
    follow(page, "bob")
    known = page.inner_text("main code >> nth=0")
    look(page, "link")
    follow(page, "Unlink")
    assert "stays as it is" in page.inner_text("main")
    look(page, "unlink")
    page.click("button:text-is('Unlink')")
    assert "Unlinked." in page.inner_text(".done")
    provider(page)
    page.click("button:text-is('Sync now')")
    wait("bob to be linked again", lambda: known in linked(page))
