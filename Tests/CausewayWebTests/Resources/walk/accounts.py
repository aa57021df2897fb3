"""The own account: password, sessions in other browsers; and locked sign-ins, which an administrator lifts."""

from walk.browser import account, create_user, go, look, new_page, sign_in, signed_in
from walk.server import ORIGIN

FIRST, SECOND = "seven quiet herons at dawn", "copper ladders lean on fog"


def walk(browser):
    page = signed_in(browser)
    make_grace(page)
    change_password(browser)
    end_sessions(browser)
    sign_out_grace(page, browser)
    lift_lock(page, browser)


def make_grace(page):
    create_user(page, "grace", "Grace Hopper", "grace@company.com")
    page.fill("#password", FIRST)
    page.click("button:text-is('Set password')")
    page.select_option("#role", label="Auditor")
    page.click("button:text-is('Set role')")
    assert "role is set" in page.inner_text(".done")


def opened(browser, password):
    page = new_page(browser)
    page.goto(ORIGIN + "/if/admin/")
    sign_in(page, password, "grace")
    account(page, "Your account")
    return page


def enter(page, current, new, again):
    page.fill("#current_password", current)
    page.fill("#new_password", new)
    page.fill("#new_password_again", again)
    page.click("button:text-is('Change password')")


def change_password(browser):
    """The current password is asked for, a weak one is explained, and the other browser is signed out."""
    page, other = opened(browser, FIRST), opened(browser, FIRST)
    page.reload()
    look(page, "account-sessions")
    assert page.locator("section[aria-labelledby=sessions] tbody tr").count() == 2
    enter(page, "wrong", SECOND, SECOND)
    assert "password is wrong" in page.inner_text("#current_password-error")
    assert page.title().startswith("Error: ") and page.get_attribute("#current_password", "aria-invalid") == "true"
    enter(page, FIRST, "password1234", "password1234")
    assert "easy to guess" in page.inner_text("#new_password-error") and "common words" in page.inner_text("#new_password-error")
    look(page, "account-password-refused")
    enter(page, FIRST, SECOND, FIRST)
    assert "do not match" in page.inner_text("#new_password_again-error")
    enter(page, FIRST, SECOND, SECOND)
    assert "Your password is changed" in page.inner_text(".done")
    other.reload()
    assert "/if/sign-in/" in other.url
    for closed in (page, other):
        closed.context.close()


def end_sessions(browser):
    """One browser, then all others, then this one."""
    pages = [opened(browser, SECOND) for _ in range(3)]
    page = pages[0]
    page.reload()
    rows = page.locator("section[aria-labelledby=sessions] tbody tr")
    before = rows.count()
    assert page.locator("text=(this browser)").count() == 1 and "Chrome on Linux" in rows.first.inner_text()
    rows.filter(has_not_text="this browser").first.get_by_role("button").click()
    assert "Signed out there." in page.inner_text(".done") and rows.count() == before - 1
    page.click("button:text-is('Sign out everywhere else')")
    assert rows.count() == 1 and page.locator("button:text-is('Sign out everywhere else')").count() == 0
    for other in pages[1:]:
        other.reload()
        assert "/if/sign-in/" in other.url
    page.click("button:text-is('Sign out everywhere')")
    assert "/if/sign-in/" in page.url
    page.goto(ORIGIN + "/if/admin/account/")
    assert "/if/sign-in/" in page.url
    for closed in pages:
        closed.context.close()


def sign_out_grace(page, browser):
    """An administrator ends the sessions of someone else."""
    other = opened(browser, SECOND)
    page.reload()
    assert "Signed in here in 1 browser." in page.inner_text("main")
    look(page, "user-signed-in")
    page.click("button:text-is('Sign out everywhere')")
    assert "signed out everywhere" in page.inner_text(".done")
    other.reload()
    assert "/if/sign-in/" in other.url
    other.context.close()


def lift_lock(page, browser):
    """Too many wrong passwords lock the name and the address; an administrator sees who and lifts it."""
    other = new_page(browser)
    other.goto(ORIGIN + "/if/admin/")
    for _ in range(10):
        sign_in(other, "wrong", "grace")
    sign_in(other, SECOND, "grace")
    assert "Try again in 5 minutes" in other.inner_text(".problems") and other.title().startswith("Error: ")
    look(other, "sign-in-locked")
    go(page, "Logs")
    assert "Sign-in locked for a while after failed attempts as grace" in page.inner_text("main")
    go(page, "Administrators")
    locks = page.inner_text("section[aria-labelledby=lockouts]")
    assert "The user name grace" in locks and "The address 127.0.0.1" in locks, locks
    look(page, "lockouts")
    for _ in range(2):
        page.click("button:text-is('Lift the lock') >> nth=0")
        assert "lock is lifted" in page.inner_text(".done")
    assert "No sign-in is locked." in page.inner_text("main")
    sign_in(other, SECOND, "grace")
    assert other.inner_text(".account .who") == "grace"
    other.context.close()
