"""Every form of the interface without JavaScript. Each does its work, and a form that this walk does not send fails it."""

import time

from walk.authenticators import code
from walk.browser import account, create_user, follow, go, new_page, provider, sign_in
from walk.routes import Used
from walk.server import (
    ORIGIN, PASSWORD, SECRET, TENANT, api, await_state, hold, make_group, make_synced, make_user, make_users, wait,
)

HOME = ORIGIN + "/if/admin/"
PHRASE, ANOTHER = "seven quiet herons at dawn", "copper ladders lean on fog"
ACCOUNTS = "/core/users/"


def walk(browser):
    key = make_synced()
    used = Used("POST")
    page = signed_in_plainly(browser, used)
    preferences(page)
    applications(page)
    mappings(page)
    users(page)
    groups(page)
    bulk(page)
    import_columns(page)
    tokens(page)
    log(page)
    nodes(page)
    searches(page)
    providers(page, key)
    runs(page, key)
    quarantine(page)
    accounts(browser, page, used)
    lockouts(browser, page, used)
    account(page, "Sign out")
    assert "/if/sign-in/" in page.url
    # `setup` and `sign_in_link` send these without JavaScript, on servers of their own.
    used.check("/if/setup/", "/if/sign-in/link/")


def signed_in_plainly(browser, used, username="root", password=PASSWORD):
    page = new_page(browser, java_script_enabled=False)
    used.watch(page.context)
    page.goto(HOME)
    sign_in(page, password, username)
    page.wait_for_selector("nav.places")
    return page


def press(page, button):
    page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()


def done(page, words):
    assert words in page.inner_text(".done"), page.inner_text("main")


def user(username):
    return api("GET", f"{ACCOUNTS}?username={username}")["results"][0]


def preferences(page):
    page.goto(HOME + "account/")
    page.select_option("#language", label="Deutsch")
    page.select_option("#time_zone", label="Asia/Kathmandu")
    page.click("main form:has(#language) button")
    assert page.get_attribute("html", "lang") == "de" and "Asia/Kathmandu" in page.inner_text("footer")
    page.select_option("#language", value="en")
    page.click("main form:has(#language) button")
    account(page, "Dark")
    assert page.get_attribute("html", "data-theme") == "dark"
    account(page, "Off")
    assert page.locator("#find[data-shortcut]").count() == 0


def applications(page):
    go(page, "Applications")
    follow(page, "Create")
    page.fill("#name", "Plain")
    page.fill("#slug", "plain")
    press(page, "Create")
    assert page.inner_text("h1") == "Plain"
    follow(page, "Edit")
    page.click("summary:has-text('UI settings')")
    page.fill("#meta_description", "Made without a script")
    press(page, "Update")
    done(page, "Saved.")
    assert api("GET", "/core/applications/plain/")["meta_description"] == "Made without a script"
    follow(page, "Delete")
    press(page, "Delete application")
    done(page, "Deleted.")


def mappings(page):
    go(page, "Property Mappings")
    follow(page, "Create")
    press(page, "Next")
    page.fill("#name", "plain mapping")
    page.fill("#expression", "return {'display_name': 'x'}")
    press(page, "Finish")
    assert page.inner_text("h1") == "plain mapping"
    follow(page, "Edit")
    page.fill("#expression", "return {'display_name': request.user.name}")
    page.fill("#people", "bob")
    press(page, "Preview")
    assert "Bob Partner" in page.inner_text("#preview pre >> nth=0")
    press(page, "Update")
    done(page, "Saved.")
    page.fill("#person", "bob")
    press(page, "Preview")
    assert "Bob Partner" in page.inner_text("main")
    follow(page, "Delete")
    page.click("main form button.danger")
    done(page, "Deleted.")


def users(page):
    create_user(page, "dora", "Dora Field", "dora@company.com")
    conflict(page)
    make_group("Team")
    page.fill("#group", "Team")
    press(page, "Add to group")
    assert [one["name"] for one in user("dora")["groups_obj"]] == ["Team"]
    page.click("button[aria-label='Remove from Team']")
    assert user("dora")["groups_obj"] == []
    page.fill("#password", PHRASE)
    press(page, "Set password")
    done(page, "password is set")
    page.select_option("#role", label="Auditor")
    press(page, "Set role")
    done(page, "role is set")
    press(page, "Sync now")
    assert page.locator("main .done").count() == 1
    create_user(page, "gone", "Gone Soon", "")
    follow(page, "Delete")
    press(page, "Delete user")
    done(page, "Deleted.")
    follow(page, "Create a service account")
    page.fill("#name", "exporter")
    press(page, "Create")
    assert len(page.inner_text(".key")) >= 20


def conflict(page):
    """Two versions are merged by field with buttons."""
    follow(page, "Edit")
    api("PATCH", f"{ACCOUNTS}{user('dora')['pk']}/", {"name": "Theirs"})
    page.fill("#name", "Mine")
    page.fill("#path", "users/new")
    press(page, "Update")
    page.click("[aria-label='Name: Use the saved version']")
    assert page.input_value("#name") == "Theirs"
    page.click(".actions button:text-is('Update')")
    done(page, "Saved.")
    assert (user("dora")["name"], user("dora")["path"]) == ("Theirs", "users/new")


def groups(page):
    go(page, "Groups")
    follow(page, "Create")
    page.fill("#name", "Inner")
    page.check("#parents >> text='Team'")
    press(page, "Create")
    assert page.inner_text("h1") == "Inner" and page.locator("main a:has-text('Team')").count() >= 1
    page.fill("#person", "dora")
    press(page, "Add member")
    assert "dora" in page.inner_text("main table")
    press(page, "Sync now")
    page.fill("#person", "dora")
    press(page, "Remove member")
    assert [one["name"] for one in user("dora")["groups_obj"]] == []
    follow(page, "Edit")
    page.fill("#name", "Inner circle")
    press(page, "Update")
    done(page, "Saved.")
    follow(page, "Delete")
    press(page, "Delete group")
    done(page, "Deleted.")


def bulk(page):
    make_user("temp", "Temp", "")
    page.goto(f"{HOME}users/?search=temp")
    page.check("input[aria-label='Select temp']")
    page.select_option("#bulk-action", "deactivate")
    press(page, "Continue")
    press(page, "Deactivate")
    assert "1 done" in page.inner_text("main") and not user("temp")["is_active"]
    for question, is_active in (("Allow sign-in", True), ("Block sign-in", False)):
        page.goto(f"{HOME}users/{user('temp')['pk']}/")
        follow(page, question)
        press(page, question)
        assert user("temp")["is_active"] == is_active
    go(page, "Groups")
    page.check("input[aria-label='Select Team']")
    page.select_option("#bulk-action", "delete")
    press(page, "Continue")
    press(page, "Delete")
    assert "1 done" in page.inner_text("main") and api("GET", "/core/groups/?name=Team")["results"] == []


def import_columns(page):
    go(page, "Users")
    follow(page, "Import")
    page.fill("#users", "login,Team\nivy,Maths\n")
    press(page, "Preview")
    page.get_by_label("Becomes: Team").select_option(label="Attribute department")
    press(page, "Preview again")
    assert "department: Maths" in page.inner_text("main")
    press(page, "Import")
    assert "1 user created" in page.inner_text("main")


def tokens(page):
    go(page, "Tokens")
    follow(page, "Create")
    page.fill("#identifier", "plain")
    press(page, "Create")
    press(page, "Show the key")
    assert len(page.inner_text(".key")) >= 20
    page.goto(HOME + "tokens/plain/")
    follow(page, "Edit")
    page.fill("#description", "Made without a script")
    press(page, "Update")
    done(page, "Saved.")
    follow(page, "Delete")
    press(page, "Delete token")
    done(page, "Deleted.")


def log(page):
    page.goto(HOME + "events/?action=custom_import")
    page.click("summary:text-is('Save or delete a view')")
    page.fill("#view-name", "Imports")
    press(page, "Save this view")
    done(page, "View saved.")
    page.click("summary:text-is('Save or delete a view')")
    page.click("button:has-text('Delete the view')")
    done(page, "View deleted.")
    page.select_option("#area", "changes")
    press(page, "Apply")
    assert "area=changes" in page.url and page.locator("table.rows:not(.short) tbody tr").count() > 3


def nodes(page):
    page.goto(HOME + "system/")
    page.click("main button:text-is('Drain')")
    assert "Draining" in page.inner_text("main")
    page.click("main button:text-is('Resume')")
    assert "Draining" not in page.inner_text("main")


def searches(page):
    page.fill("#find", "lovelace")
    page.press("#find", "Enter")
    follow(page, "ada")
    assert page.inner_text("h1") == "ada"
    page.goto(ORIGIN + "/help/")
    page.fill("#help-query", "admin consent")
    page.press("#help-query", "Enter")
    follow(page, "3. Grant admin consent")
    assert page.inner_text("h1") == "Register Causeway in Microsoft Entra"
    page.goto(HOME + "users/")
    page.fill("#search-users", "bob")
    press(page, "Apply")
    assert page.locator("table.list tbody tr").count() == 1


def create_provider(page, name, secret):
    go(page, "Providers")
    follow(page, "Create")
    press(page, "Next")
    press(page, "Finish")
    assert page.locator(".problems li").count() == 4
    page.fill("#name", name)
    page.fill("#client_id", TENANT["client_id"])
    page.fill("#client_secret", secret)
    page.fill("#tenant_id", TENANT["tenant_id"])
    if not page.locator("#login_endpoint").is_visible():
        page.click("summary:has-text('clouds')")
    page.check("text=Custom endpoints")
    page.fill("#login_endpoint", TENANT["login_endpoint"])
    page.fill("#graph_endpoint", TENANT["graph_endpoint"])
    press(page, "Finish")
    assert page.inner_text("h1") == name, page.inner_text("main")


def providers(page, key):
    """A provider from its creation to its deletion, and what the buttons of another do."""
    create_provider(page, "Plain", SECRET)
    press(page, "Check connection")
    assert "Signed in to" in page.inner_text(".findings")
    provider_named(page, "Plain")
    follow(page, "Edit")
    page.fill("#name", "Plainer")
    press(page, "Update")
    done(page, "Saved.")
    follow(page, "Delete")
    press(page, "Delete provider")
    done(page, "Deleted.")
    provider(page)
    press(page, "Pause")
    done(page, "Paused.")
    press(page, "Resume")
    done(page, "Resumed.")
    provider(page, "Schedule")
    page.fill("#crontab", "5 3 * * *")
    press(page, "Update schedule")
    done(page, "Saved.")
    unlink(page, "Users", "bob")


def provider_named(page, name):
    go(page, "Providers")
    follow(page, name)


def unlink(page, tab, name):
    provider(page, tab)
    follow(page, name)
    follow(page, "Unlink")
    press(page, "Unlink")
    done(page, "Unlinked.")


def runs(page, key):
    """Failures are tried again; a plan is made, a held deletion approved, and a run canceled."""
    provider(page)
    press(page, "Sync now")
    make_group("Crew", user("ada")["pk"])
    wait("the group to be linked", lambda: api("GET", f"/providers/microsoft_entra_groups/?provider__id={key}&search=Crew")["results"])
    unlink(page, "Groups", "Crew")
    make_user("carl", "Carl Without", "")
    await_state(key, "failing")
    start(page, "Failures", "Retry these")
    api("DELETE", f"{ACCOUNTS}{user('carl')['pk']}/")
    start(page, None, "Make a plan")
    approve(page, key)
    cancel(page, key)


def start(page, tab, button):
    """A button starts a run, once no other run of the provider is in progress."""

    def has_started():
        provider(page, tab)
        press(page, button)
        return "/if/admin/runs/" in page.url

    wait("a run to begin", has_started)


def approve(page, key):
    api("PATCH", f"/providers/microsoft_entra/{key}/", {"guard_max_count": 0, "guard_max_percent": 0})
    api("DELETE", f"{ACCOUNTS}{user('bob')['pk']}/")
    await_state(key, "waiting")
    provider(page)
    page.click("a:text-is('Review the plan')")
    follow(page, "Approve")
    page.click("main form button[type=submit]")
    wait("the deletion to be done", lambda: api("GET", f"/providers/microsoft_entra_users/?provider__id={key}&search=bob")["results"] == [])


def cancel(page, key):
    hold(5)
    make_users(60)

    def runs_now():
        provider(page)
        return page.locator("button:text-is('Cancel run')").count()

    wait("a run that sends", runs_now)
    press(page, "Cancel run")
    done(page, "The run is canceled.")
    hold(None)


def quarantine(page):
    """A provider whose secret is wrong goes into quarantine, which a button ends."""
    create_provider(page, "Wrong", "mistyped")
    found = next(one for one in api("GET", "/providers/microsoft_entra/")["results"] if one["name"] == "Wrong")
    api("POST", "/core/applications/", {"name": "Wrong", "slug": "wrong", "backchannel_providers": [found["pk"]]})
    await_state(found["pk"], "quarantined")
    provider_named(page, "Wrong")
    page.click("form[action$='/end-quarantine/'] button")
    assert page.locator("main .done").count() == 1, page.inner_text("main")


def accounts(browser, page, used):
    """A person's own account, and what an administrator does to it."""
    own, other, third = (signed_in_plainly(browser, used, "dora", PHRASE) for _ in range(3))
    account(own, "Your account")
    # The own browser comes first.
    own.click("form[action*='/sessions/'][action$='/end/'] button >> nth=1")
    done(own, "Signed out there.")
    press(own, "Sign out everywhere else")
    other.reload()
    assert "/if/sign-in/" in other.url
    own.fill("#current_password", PHRASE)
    own.fill("#new_password", ANOTHER)
    own.fill("#new_password_again", ANOTHER)
    press(own, "Change password")
    done(own, "Your password is changed")
    authenticator(own)
    own.fill("#password", ANOTHER)
    press(own, "Remove authenticator")
    done(own, "no longer asked for")
    authenticator(own)
    page.goto(f"{HOME}users/{user('dora')['pk']}/")
    press(page, "Sign out everywhere")
    done(page, "signed out everywhere")
    follow(page, "Remove authenticator")
    press(page, "Remove authenticator")
    done(page, "no longer asked for")
    own.reload()
    assert "/if/sign-in/" in own.url
    sign_in(own, ANOTHER, "dora")
    account(own, "Your account")
    press(own, "Sign out everywhere")
    assert "/if/sign-in/" in own.url


def authenticator(page):
    page.fill("#password", ANOTHER)
    press(page, "Set up an authenticator")
    page.fill("#code", code(page.inner_text(".key").replace(" ", ""), time.time()))
    press(page, "Confirm")
    assert page.locator(".banner code").count() == 10
    page.goto(HOME + "account/")


def lockouts(browser, page, used):
    other = new_page(browser, java_script_enabled=False)
    used.watch(other.context)
    other.goto(HOME)
    for _ in range(11):
        sign_in(other, "wrong", "dora")
    go(page, "Administrators")
    while page.locator("form[action*='/lockouts/']").count():
        page.click("form[action*='/lockouts/'] button >> nth=0")
        done(page, "lock is lifted")
    sign_in(other, ANOTHER, "dora")
    assert other.inner_text(".account .who") == "dora"
