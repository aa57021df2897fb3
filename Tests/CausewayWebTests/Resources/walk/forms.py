"""Forms whose session ends while they are filled in."""

from walk.browser import follow, go, look, sign_in, signed_in
from walk.server import ORIGIN, api, make_provider, make_user


def walk(browser):
    make_user("dora", "Dora", "dora@company.com")
    make_provider()
    page = signed_in(browser)
    outlive(page)
    without_secret(page)
    send_again(page)


def end_session(page):
    page.context.clear_cookies(name="causeway_session")


def outlive(page):
    """After the sign-in the form is there as it was filled in, and every page of the history can be gone back to."""
    go(page, "Users")
    follow(page, "Create")
    page.fill("#username", "grace")
    page.fill("#name", "Grace <&> Hopper")
    page.click("button:text-is('Add an attribute')")
    page.fill("[aria-label='Name 1']", "floor")
    page.fill("[aria-label='Value 1']", "3")
    look(page, "user-create")
    end_session(page)
    page.click("button:text-is('Create')")
    assert "what you entered is kept" in page.inner_text("main")
    look(page, "sign-in-kept")
    cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "causeway_kept")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict", cookie
    sign_in(page)
    stranger(page)
    assert page.inner_text("h1") == "Create user"
    assert "Nothing is saved yet" in page.inner_text("main .banner")
    assert (page.input_value("#username"), page.input_value("#name")) == ("grace", "Grace <&> Hopper")
    look(page, "form-kept")
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == "grace", page.inner_text("main")
    assert '"floor": 3' in page.inner_text("pre >> nth=-1") and "Grace <&> Hopper" in page.inner_text("main")
    page.go_back()
    assert page.inner_text("h1") == "Create user" and page.input_value("#username") == "grace"
    page.go_forward()
    assert page.inner_text("h1") == "grace"


def stranger(page):
    """The address alone shows nothing of the form to another browser, even to the same account."""
    other = signed_in(page.context.browser)
    other.goto(page.url)
    assert other.inner_text("h1") == "Create user" and other.input_value("#username") == ""
    assert "Hopper" not in other.content()
    other.context.close()


def without_secret(page):
    """A secret is not kept, and the form says so."""
    page.goto(ORIGIN + "/if/admin/providers/")
    follow(page, "Entra ID provider")
    follow(page, "Edit")
    page.fill("#name", "Renamed")
    page.fill("#client_secret", "never to be written down")
    end_session(page)
    page.click("button:text-is('Update')")
    sign_in(page)
    assert "except for secrets" in page.inner_text("main .banner") and page.input_value("#client_secret") == ""
    assert "never to be written down" not in page.content()
    page.click("button:text-is('Update')")
    assert page.inner_text("h1") == "Renamed"


def send_again(page):
    """What is no form of fields is sent again by a button."""
    page.goto(ORIGIN + "/if/admin/users/")
    page.check("input[aria-label='Select dora']")
    page.select_option("#bulk-action", "deactivate")
    page.click("button:text-is('Continue')")
    end_session(page)
    page.click("main button:text-is('Deactivate')")
    sign_in(page)
    assert page.inner_text("h1") == "Not sent yet"
    look(page, "unsent")
    assert api("GET", "/core/users/?username=dora")["results"][0]["is_active"]
    page.click("button:text-is('Send again')")
    assert "1 done" in page.inner_text("main")
    assert not api("GET", "/core/users/?username=dora")["results"][0]["is_active"]
