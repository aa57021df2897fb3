"""Walks through the admin interface in a real browser, as an administrator with the documentation in hand would.

Arguments: the server's origin, the administrator's password, the tenant's endpoints as JSON, the seed expression's file, the set-up
link of a server that has no administrator yet, and perhaps a folder for screenshots. Every page that is seen on the way is looked at by axe-core, light and dark.
"""

import base64
import hmac
import io
import json
import pathlib
import re
import struct
import sys
import time

import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Error, sync_playwright

ORIGIN, PASSWORD, TENANT, EXPRESSION = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), pathlib.Path(sys.argv[4]).read_text()
SETUP = sys.argv[5]
FOLDER = pathlib.Path(sys.argv[6]) if len(sys.argv) > 6 else None
CAROLS = "a phrase of her own"
HOSTILE = "<img src=x onerror=hacked()><script>hacked()</script>\"'{{token}}"

axe = Axe()
looked, errors = [], []


def wait(what, check, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited for {what} in vain")


def reload(page):
    """The page may be about to do the same by itself."""
    try:
        page.reload()
    except Error:
        page.wait_for_load_state()
    return True


def watch(page):
    """Whatever a page complains of is a failure, but for answers that a test provokes."""
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on("console", lambda message: message.type == "error" and "status of 4" not in message.text and errors.append(f"{page.url}: {message.text}"))
    page.on("dialog", lambda dialog: (errors.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
    return page


def look(page, name):
    """Looks at a page; one that loads itself anew meanwhile, as pages of runs do, is looked at again."""
    size = page.viewport_size
    for _ in range(5):
        try:
            look_once(page, name)
            return looked.append(name)
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            page.wait_for_load_state()
        finally:
            page.set_viewport_size(size)
    raise AssertionError(f"{name} loads itself anew again and again")


def look_once(page, name):
    """No violation of accessibility in either theme, one heading, no sideways scrolling on a telephone; and the pictures."""
    assert page.locator("h1").count() == 1, f"{name} has {page.locator('h1').count()} headings"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations = axe.run(page).response["violations"]
        found = [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in violations]
        assert not found, f"{name}, {scheme}: {json.dumps(found, indent=1)}"
    page.emulate_media(color_scheme="light")
    keyboard(page, name)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide at {width}"
        if FOLDER:
            picture = FOLDER / f"{name}-{width}.png"
            page.screenshot(path=picture, full_page=True)
            Image.open(picture).convert("RGB").quantize(48, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(picture, optimize=True)


def keyboard(page, name):
    """Every control is reached with the Tab key, once round the page."""
    wanted = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
          const shown = all.filter((e) => e.checkVisibility() && !e.disabled);
          const groups = new Set();
          document.activeElement?.blur();
          return shown.filter((e) => {
            if (e.type !== "radio") return true;
            if (groups.has(e.name)) return false;
            return groups.add(e.name);
          }).length;
        }"""
    )
    page.evaluate("() => { window.reached = new Set(); window.scrollTo(0, 0); document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }")
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        is_round = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body) return window.reached.size > 0;
              const key = e.type === "radio" ? e.name : e;
              if (!e.matches("a[href], button, input, select, textarea, summary")) return false;
              if (window.reached.has(key)) return true;
              window.reached.add(key);
              return false;
            }"""
        )
        if is_round:
            break
    reached = page.evaluate("window.reached.size")
    assert reached >= wanted, f"{name}: {reached} of {wanted} controls are reached by keyboard"


def go(page, place):
    page.click(f"nav.places a:text-is('{place}')")


def follow(page, link):
    page.get_by_role("main").get_by_role("link", name=link, exact=True).first.click()


def sign_in(page, password=PASSWORD, username="root"):
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("main button")


def set_up(browser):
    """The first administrator of another server; what is wrong is said, and the way leads to the first steps."""
    page = watch(browser.new_context(viewport={"width": 1280, "height": 900}).new_page())
    page.goto(SETUP)
    look(page, "setup")
    page.fill("#username", "first")
    page.fill("#password", "short")
    page.fill("#password_again", "shorter")
    page.click("main button")
    assert page.locator(".problems").count() == 1 and page.input_value("#username") == "first"
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.click("main button")
    assert page.inner_text("h1") == "Dashboard" and "First steps" in page.inner_text("main")
    page.context.close()


def signing_in(context, page):
    context.add_cookies([{"name": "causeway_session", "value": "planted", "url": ORIGIN}])
    page.goto(ORIGIN + "/if/admin/users/?search=a")
    assert "/if/sign-in/" in page.url, page.url
    look(page, "sign-in")
    sign_in(page, "wrong")
    assert "wrong" in page.inner_text(".problems")
    assert page.evaluate("document.activeElement.className") == "problems"
    sign_in(page)
    assert page.url.endswith("/if/admin/users/?search=a"), page.url
    keys = [c["value"] for c in context.cookies() if c["name"] == "causeway_session"]
    assert keys and keys != ["planted"], "a session that somebody else planted lives on"
    for elsewhere in ("//example.com/", "https://example.com/", "/if/admin/../../x", "/\\example.com"):
        page.goto(ORIGIN + "/if/sign-in/?next=" + elsewhere)
        assert page.url.startswith(ORIGIN + "/"), page.url


def create_provider(page):
    go(page, "Dashboard")
    look(page, "first-steps")
    go(page, "Providers")
    look(page, "providers-empty")
    follow(page, "Create")
    look(page, "provider-type")
    page.check("text=Microsoft Entra Provider")
    page.click("button:text-is('Next')")
    look(page, "provider-create")
    page.fill("#name", "Entra ID provider")
    page.click("button:text-is('Finish')")
    assert page.title().startswith("Error: ")
    assert page.locator(".problems li").count() == 3, page.inner_text(".problems")
    assert page.input_value("#name") == "Entra ID provider"
    look(page, "provider-errors")
    for heading in ("Protocol settings", "User filtering", "Attribute mapping", "Sync settings"):
        assert page.locator(f"legend:has-text('{heading}'), summary:has-text('{heading}')").count() == 1, heading
    page.fill("#client_id", TENANT["client_id"])
    page.fill("#client_secret", "emulated-secret-value")
    page.fill("#tenant_id", TENANT["tenant_id"])
    page.click("summary:has-text('clouds')")
    page.check("text=Another, by addresses")
    page.fill("#login_endpoint", TENANT["login_endpoint"])
    page.fill("#graph_endpoint", TENANT["graph_endpoint"])
    page.fill("#client_secret", "mistyped")
    page.click("button:text-is('Check the connection')")
    page.wait_for_selector("#trial .findings >> text=The client secret is wrong")
    page.fill("#client_secret", "emulated-secret-value")
    page.click("button:text-is('Check the connection')")
    page.wait_for_selector("#trial .findings >> text=Signed in to")
    assert page.input_value("#client_secret") == "emulated-secret-value"
    look(page, "provider-create-check")
    page.click("button:text-is('Finish')")
    assert page.inner_text("h1") == "Entra ID provider"
    assert "Not assigned" in page.inner_text(".title")
    look(page, "provider-new")
    page.click("button:text-is('Check connection')")
    assert "Signed in to" in page.inner_text(".findings")
    look(page, "connection-check")


def create_application(page):
    go(page, "Applications")
    look(page, "applications-empty")
    follow(page, "Create")
    page.fill("#name", "Entra ID")
    assert page.input_value("#slug") == "entra-id"
    page.check("#backchannel_providers >> text=Entra ID provider")
    look(page, "application-create")
    page.click("button:text-is('Create')")
    assert page.inner_text("main ul a") == "Entra ID provider"
    look(page, "application")
    follow(page, "Edit")
    look(page, "application-edit")
    go(page, "Applications")
    look(page, "applications")


def create_mapping(page):
    go(page, "Property Mappings")
    look(page, "property-mappings")
    follow(page, "Create")
    page.check("text=Microsoft Entra Provider Mapping")
    page.click("button:text-is('Next')")
    page.fill("#name", "email-verified-users of ours")
    page.fill("#expression", "return {")
    page.click("button:text-is('Finish')")
    assert page.locator("#expression-error").count() == 1
    page.fill("#people", "root")
    page.fill("#expression", "x = 1\nreturn {")
    page.wait_for_selector(".editor-numbers .wrong:text-is('2')")
    page.fill("#expression", "")
    page.type("#expression", "if True:\nreturn None")
    assert page.input_value("#expression") == "if True:\n    return None"
    page.fill("#expression", EXPRESSION)
    page.wait_for_selector("#trial .tried")
    assert page.locator(".editor-picture .code-keyword").count() > 3
    look(page, "mapping-create")
    page.click("button:text-is('Finish')")
    assert page.inner_text("h1") == "email-verified-users of ours"
    go(page, "Providers")
    follow(page, "Entra ID provider")
    follow(page, "Edit")
    chosen = page.locator("#property_mappings input:checked")
    assert chosen.count() == 1
    chosen.uncheck()
    page.check("#property_mappings >> text='email-verified-users of ours'")
    look(page, "provider-edit")
    page.click("button:text-is('Update')")
    assert "Saved." in page.inner_text(".done")


def create_user(page, username, name, email):
    go(page, "Users")
    follow(page, "Create")
    page.fill("#username", username)
    page.fill("#name", name)
    page.fill("#email", email)
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == username, page.inner_text("main")


def provider(page, tab=None):
    go(page, "Providers")
    follow(page, "Entra ID provider")
    if tab:
        page.click(f".tabs a:text-is('{tab}')")


def linked(page):
    provider(page, "Users")
    return page.inner_text("main")


def start_first_sync(page):
    """The first sync shows its plan on the dashboard and the provider's page, and waits until somebody starts it."""

    def waits():
        provider(page)
        return "This is the first sync" in page.inner_text("main")

    wait("the plan of the first sync", waits)
    assert "Waiting for you" in page.inner_text(".title")
    look(page, "first-sync")
    go(page, "Dashboard")
    assert "This is the first sync" in page.inner_text("main")
    provider(page)
    page.click("button:text-is('Sync now')")


def sync_people(page):
    go(page, "Users")
    follow(page, "root")
    follow(page, "Edit")
    page.fill("#email", "root@company.com")
    page.click("button:text-is('Update')")
    create_user(page, "ada", "Ada Lovelace", "ada@company.com")
    look(page, "user")
    create_user(page, "bob", "Bob Partner", "bob@partner.test")
    start_first_sync(page)
    wait("both to be linked", lambda: all(name in linked(page) for name in ("ada", "bob")))
    look(page, "provisioned-users")
    go(page, "Users")
    look(page, "users")
    follow(page, "bob")
    assert "Linked to" in page.inner_text("main") and "federated" in page.inner_text("main")
    look(page, "user-synced")
    page.click("button:text-is('Sync now')")
    assert page.locator("main .done").count() == 1
    provider(page)
    wait("all to be in step", lambda: reload(page) and "In step" in page.inner_text(".title"))
    look(page, "provider")
    page.click(".tabs a:text-is('Runs')")
    look(page, "runs")
    page.click("table.rows tbody a:visible >> nth=0")
    look(page, "run")
    provider(page, "Drift")
    look(page, "drift")
    go(page, "Dashboard")
    look(page, "dashboard")


def plan(page):
    """A plan that is only shown: one without anything to do, and one that is carried out after a question; meanwhile the schedule rests.
    The pages of runs show by themselves how they end."""
    provider(page)
    wait("what is under way", lambda: reload(page) and "In step" in page.inner_text(".title"))
    paused(page, True)
    provider(page)
    page.click("button:text-is('Make a plan')")
    page.locator(".title:has-text('Planned')").wait_for()
    assert page.locator("a:text-is('Carry out this plan')").count() == 0
    go(page, "Users")
    follow(page, "ada")
    follow(page, "Edit")
    page.fill("#name", "Ada King")
    page.click("button:text-is('Update')")
    provider(page)
    page.click("button:text-is('Make a plan')")
    page.locator("a:text-is('Carry out this plan')").wait_for()
    page.click("summary:visible >> nth=0")
    assert "Ada Lovelace" in page.inner_text("del >> nth=0") and "Ada King" in page.inner_text("ins >> nth=0")
    look(page, "plan")
    follow(page, "Carry out this plan")
    assert page.inner_text("h1") == "Carry out the 1 action of this plan?"
    look(page, "plan-apply")
    page.click("button:text-is('Carry out 1 action')")
    page.locator(".title:has-text('Succeeded')").wait_for()
    paused(page, False)


def paused(page, is_paused):
    provider(page, "Schedule")
    page.set_checked("#paused", is_paused)
    page.click("button:text-is('Update schedule')")
    assert page.is_checked("#paused") == is_paused


def approve(page):
    provider(page)
    follow(page, "Edit")
    page.click("summary:has-text('Sync settings')")
    page.fill("#guard_max_count", "0")
    page.fill("#guard_max_percent", "0")
    page.click("button:text-is('Update')")
    go(page, "Users")
    follow(page, "ada")
    follow(page, "Delete")
    assert page.inner_text("h1") == "Delete the user ada" or "Delete" in page.inner_text("h1")
    look(page, "user-delete")
    page.click("button:text-is('Delete user')")

    def waits():
        provider(page)
        return page.locator("a:text-is('Review what it would do')").count()

    wait("the deletion to be held back", waits)
    look(page, "provider-waiting")
    go(page, "Dashboard")
    look(page, "dashboard-waiting")
    page.click("a:text-is('Review what it would do') >> nth=0")
    look(page, "run-waiting")
    follow(page, "Approve")
    assert "1 action" in page.inner_text("h1")
    look(page, "approve")
    page.click("button:text-is('Approve 1 action')")

    def is_gone():
        text = linked(page)
        return "ada" not in text and "bob" in text

    wait("the account to be deleted", is_gone)


def fail_and_retry(page):
    create_user(page, "carl", "Carl Without", "")

    def failed():
        provider(page)
        return "Failing" in page.inner_text(".title")

    wait("the failure to be told", failed)
    look(page, "provider-failures")
    page.click("table.rows tbody a:visible >> nth=0")
    text = page.inner_text("main")
    assert "carl" in text and "Failed" in text, text
    page.select_option("#action", index=1)
    page.click("button:text-is('Apply')")
    assert "carl" in page.inner_text("table.rows >> nth=1")
    look(page, "run-failures")
    page.fill("#search", "somebody else")
    page.click("button:text-is('Apply')")
    assert "carl" not in page.inner_text("main")
    provider(page, "Failures")
    assert "carl" in page.inner_text(".card") and "1 object" in page.inner_text(".card")
    look(page, "failures")
    page.click("button:text-is('Retry these')")
    assert "/if/admin/runs/" in page.url, page.url
    page.wait_for_selector("main table >> text=carl")
    provider(page, "Failures")
    page.click("button:text-is('Retry all now')")
    go(page, "Users")
    follow(page, "carl")
    follow(page, "Edit")
    page.fill("#email", "carl@company.com")
    look(page, "user-edit")
    page.click("button:text-is('Update')")
    wait("carl to be linked", lambda: "carl" in linked(page))
    provider(page, "Failures")
    wait("nothing to fail", lambda: reload(page) and "Nothing fails." in page.inner_text("main"))


def preview(page):
    go(page, "Property Mappings")
    follow(page, "email-verified-users of ours")
    page.fill("#person", "nobody at all")
    page.click("button:text-is('Test')")
    assert "nobody at all" in page.inner_text(".problems")
    page.fill("#person", "bob")
    page.click("button:text-is('Test')")
    assert '"issuerAssignedId": "bob@partner.test"' in page.inner_text("pre >> nth=0"), page.inner_text("main")
    look(page, "mapping-preview")
    follow(page, "Delete")
    look(page, "mapping-delete")
    follow(page, "Cancel")
    follow(page, "Edit")
    page.fill("#people", "bob, nobody")
    page.click("button:text-is('Preview')")
    page.wait_for_selector("#trial pre:has-text('issuerAssignedId')")
    assert "nobody" in page.inner_text("#trial .error")
    look(page, "mapping-edit")
    page.check("#sample")
    page.click("button:text-is('Preview')")
    page.wait_for_selector("#trial h3:has-text('3 tried')")


def import_people(page):
    go(page, "Users")
    follow(page, "Import")
    page.fill("#users", "username,name,email,groups\ndora,Dora,dora@company.com,Staff\neve,Eve,not an address,\n")
    look(page, "import")
    page.click("button:text-is('Preview')")
    assert "nothing has been" in page.inner_text("main .card") and "line 3" in page.inner_text("main .card")
    look(page, "import-preview")
    page.set_input_files("#users-file", {"name": "people.csv", "mimeType": "text/csv", "buffer": page.input_value("#users").encode() + b"frank,Frank,frank@company.com,\n"})
    wait("the file to be read", lambda: "frank" in page.input_value("#users"))
    page.click("button:text-is('Import')")
    text = page.inner_text("main")
    assert "line 3" in text, text
    look(page, "import-report")
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


def change_several(page):
    """Deactivates two at once, after saying so; the list is exported, and keeps its order."""
    go(page, "Users")
    page.click("th a:text-is('Name')")
    go(page, "Users")
    assert page.get_attribute("th:has(a:text-is('Name'))", "aria-sort") == "ascending"
    page.click("th a:text-is('User name')")
    page.check("input[aria-label='Choose dora']")
    page.check("input[aria-label='Choose frank']")
    assert "2 chosen" in page.inner_text(".bulk")
    page.select_option("#bulk-action", "deactivate")
    page.click("button:text-is('Go on')")
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
    page.check("input[aria-label='Choose dora']")
    page.select_option("#bulk-action", "add")
    page.fill("#bulk-group", "Staff")
    page.click("button:text-is('Go on')")
    page.click("main button:text-is('Add to a group')")
    assert "1 done" in page.inner_text("main")
    create_user(page, "gone", "Gone Soon", "")
    go(page, "Users")
    page.check("input[aria-label='Choose gone']")
    page.select_option("#bulk-action", "delete")
    page.click("button:text-is('Go on')")
    assert page.inner_text("h1") == "Delete 1 user?"
    page.click("main button:text-is('Delete')")
    assert "1 done" in page.inner_text("main")
    follow(page, "Back to the users")
    assert page.locator("input[aria-label='Choose gone']").count() == 0 and page.locator("input[aria-label='Choose dora']").count() == 1
    page.click("input[data-all]")
    page.select_option("#bulk-action", "add")
    page.click("button:text-is('Go on')")
    assert page.locator(".problems").count() == 1
    change_several_groups(page)


def create_group(page, name):
    go(page, "Groups")
    follow(page, "Create")
    page.fill("#name", name)
    page.click("button:text-is('Create')")
    go(page, "Groups")


def bulk_groups(page, name, action, button):
    page.check(f"input[aria-label='Choose {name}']")
    page.select_option("#bulk-action", action)
    page.fill("#bulk-group", "Staff")
    page.click("button:text-is('Go on')")
    page.click(f"main button:text-is('{button}')")
    assert "1 done" in page.inner_text("main")
    follow(page, "Back to the groups")


def change_several_groups(page):
    """A group goes into another and out of it, is exported meanwhile, and is deleted."""
    create_group(page, "Temps")
    bulk_groups(page, "Temps", "add", "Put into a group")
    with page.expect_download() as download:
        page.click("a:text-is('Export')")
    lines = pathlib.Path(download.value.path()).read_text().splitlines()
    assert lines[0].startswith("name,parents,members") and "Temps,Staff," in lines, lines
    assert any(line.startswith("Staff,,") and "dora" in line for line in lines), lines
    bulk_groups(page, "Temps", "remove", "Take out of a group")
    follow(page, "Temps")
    assert page.locator("main a:text-is('Staff')").count() == 0
    go(page, "Groups")
    bulk_groups(page, "Temps", "delete", "Delete")
    assert page.locator("input[aria-label='Choose Temps']").count() == 0


def give_access(page):
    go(page, "Users")
    follow(page, "Create a service account")
    page.fill("#name", "exporter")
    look(page, "service-account")
    page.click("main button:text-is('Create')")
    assert re.fullmatch(r"\S{20,}", page.inner_text(".key"))
    follow(page, "exporter")
    page.select_option("#role", label="Operator")
    page.click("button:text-is('Set the role')")
    assert "role is set" in page.inner_text(".done")
    go(page, "Administrators")
    assert "exporter" in page.inner_text("table") and "Operator" in page.inner_text("table")
    look(page, "administrators")
    go(page, "Users")
    follow(page, "dora")
    page.fill("#password", "short")
    page.click("button:text-is('Set the password')")
    assert page.locator(".problems").count() == 1
    look(page, "password-refused")
    follow(page, "Back to the user")
    page.fill("#password", "a phrase that is long enough")
    page.click("button:text-is('Set the password')")
    assert "password is set" in page.inner_text(".done")


def lose_authenticator(page, browser):
    """An auditor sets one up and loses it; an administrator removes it."""
    create_user(page, "carol", "Carol Auditor", "carol@company.com")
    page.fill("#password", CAROLS)
    page.click("button:text-is('Set the password')")
    assert "password is set" in page.inner_text(".done")
    page.select_option("#role", label="Auditor")
    page.click("button:text-is('Set the role')")
    assert "role is set" in page.inner_text(".done")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60000)
    other = watch(context.new_page())
    other.goto(ORIGIN + "/if/admin/")
    sign_in(other, CAROLS, "carol")
    other.click(".account a")
    other.fill("#password", CAROLS)
    other.click("button:text-is('Set up an authenticator')")
    other.fill("#code", code(other.inner_text(".key").replace(" ", ""), time.time()))
    other.click("button:text-is('Confirm')")
    assert other.locator(".banner code").count() == 10
    go(page, "Administrators")
    assert "Yes" in page.inner_text("tr:has-text('Carol Auditor') td >> nth=-1")
    follow(page, "carol")
    assert "10 recovery codes are left" in page.inner_text("main")
    look(page, "user-access")
    follow(page, "Remove authenticator")
    assert page.inner_text("h1") == "Remove the authenticator of carol?"
    look(page, "authenticator-remove")
    page.click("main button:text-is('Remove authenticator')")
    assert "no longer asked for" in page.inner_text(".done")
    other.goto(ORIGIN + "/if/admin/")
    sign_in(other, CAROLS, "carol")
    assert other.locator(".account a").inner_text() == "carol"
    context.close()


def outlive(page, context):
    """What was typed while the session ended is sent after signing in again."""
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


def inject(page):
    """What would be a script in every field and in addresses does nothing."""
    page.context.expose_function("hacked", lambda: errors.append("a script was injected"))
    go(page, "Groups")
    follow(page, "Create")
    page.fill("#name", HOSTILE)
    page.click("summary:text-is('As JSON')")
    page.fill("#attributes", json.dumps({"a": HOSTILE}))
    assert page.input_value("[aria-label='Value 1']") == HOSTILE
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == HOSTILE, page.inner_text("h1")
    create_hostile(page, "Users", {"username": "mallory", "name": HOSTILE, "path": HOSTILE, "attributes": json.dumps({HOSTILE: HOSTILE})})
    create_hostile(page, "Applications", {"name": HOSTILE, "slug": "hostile", "group": HOSTILE, "meta_description": HOSTILE})
    for address in ("users/?search=", "groups/?search=", "events/?search=", "applications/?search=", "users/", "sign-in/?next=", "users/?ordering=", "users/?done=", "setup/?token="):
        base = "/if/" if address.startswith(("sign-in", "setup")) else "/if/admin/"
        page.goto(ORIGIN + base + address + HOSTILE.replace("#", "%23"))
    for place in ("Users", "Groups", "Applications", "Logs", "Dashboard"):
        page.goto(ORIGIN + "/if/admin/")
        go(page, place)
        page.wait_for_timeout(100)
    go(page, "Logs")
    assert "custom_" not in page.inner_text("table") and "Waits for approval" in page.inner_text("table")
    look(page, "events")
    page.click("table.rows tbody a:visible >> nth=0")
    look(page, "event")


def create_hostile(page, place, values):
    go(page, place)
    follow(page, "Create")
    for summary in page.locator("main form details:not([open]) > summary").all():
        summary.click()
    for name, value in values.items():
        page.fill(f"#{name}", value)
    page.click("main button.primary")
    assert page.locator(".problems").count() == 0, page.inner_text(".problems")


def forge(browser, context):
    """Forms that others send change nothing, whatever they know but the token."""
    cookie = {c["name"]: c["value"] for c in context.cookies()}["causeway_session"]
    request = browser.new_context().request
    form = {"name": "Forged", "attributes": "{}"}
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}, {"Sec-Fetch-Site": "same-origin"}):
        for token in (None, "guessed"):
            sent = form | ({"_token": token} if token else {})
            answer = request.post(ORIGIN + "/if/admin/groups/create/", form=sent, headers={"Cookie": f"causeway_session={cookie}"} | headers, max_redirects=0)
            assert answer.status == 403, (headers, token, answer.status)
    page = context.new_page()
    page.goto("about:blank")
    page.set_content(f"<form id=f method=post action='{ORIGIN}/if/admin/groups/create/'><input name=name value=Forged><input name=attributes value='{{}}'></form>")
    with page.expect_navigation():
        page.evaluate("document.getElementById('f').submit()")
    assert page.locator("text=Forged").count() == 0
    page.goto(ORIGIN + "/if/admin/groups/?search=Forged")
    assert "Nothing matches" in page.inner_text("main")
    page.close()


def administer(page):
    go(page, "Tokens")
    follow(page, "Create")
    page.fill("#identifier", "script")
    look(page, "token-create")
    page.click("main button.primary")
    look(page, "token")
    page.click("button:text-is('Show the key')")
    assert re.fullmatch(r"\S{20,}", page.inner_text(".key"))
    page.click("button:text-is('Show the key')")
    assert page.locator(".key").count() == 0
    go(page, "Tokens")
    look(page, "tokens")
    page.click("nav.places a[href='/if/admin/system/']")
    look(page, "system")
    page.goto(ORIGIN + "/if/admin/nothing/")
    assert page.inner_text("h1") == "There is no such page" and page.locator("nav.places").count() == 1
    look(page, "not-found")


def schedule(page):
    provider(page, "Schedule")
    look(page, "schedule")
    page.fill("#crontab", "whenever")
    page.click("button:text-is('Update schedule')")
    assert page.locator("#crontab-error").count() == 1
    page.fill("#crontab", "5 3 * * *")
    page.click("button:text-is('Update schedule')")
    assert page.input_value("#crontab") == "5 3 * * *" and "Saved." in page.inner_text(".done")
    page.click(".tabs a:text-is('Changelog')")
    assert "Changed" in page.inner_text("table")
    assert page.locator(".banner-waiting").count() == 1
    look(page, "changelog")


def unlink(page):
    """Forgets a link, says that Entra is left alone, and the next sync finds the account again."""
    provider(page, "Users")
    follow(page, "bob")
    known = page.inner_text("main code >> nth=0")
    look(page, "link")
    follow(page, "Unlink")
    assert "left alone" in page.inner_text("main")
    look(page, "unlink")
    page.click("button:text-is('Unlink')")
    assert "Unlinked." in page.inner_text(".done")
    provider(page)
    page.click("button:text-is('Sync now')")
    wait("bob to be linked again", lambda: known in linked(page))


def code(secret, now):
    """RFC 6238, with SHA-1, six digits and thirty seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(now) // 30), "sha1").digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


def scanned(page, secret):
    """A reader finds in the picture what an authenticator wants, in either theme."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        picture = Image.open(io.BytesIO(page.locator(".qr_code").screenshot()))
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [f"otpauth://totp/Causeway%3Aroot?secret={secret}&issuer=Causeway"]


def authenticator(page):
    page.click(".account a")
    look(page, "account")
    page.fill("#password", "wrong")
    page.click("button:text-is('Set up an authenticator')")
    assert "password is wrong" in page.inner_text(".problems")
    page.fill("#password", PASSWORD)
    page.click("button:text-is('Set up an authenticator')")
    secret = page.inner_text(".key").replace(" ", "")
    look(page, "authenticator")
    scanned(page, secret)
    page.fill("#code", "000000")
    page.click("button:text-is('Confirm')")
    assert "code is wrong" in page.inner_text(".problems")
    page.fill("#code", code(secret, time.time()))
    page.click("button:text-is('Confirm')")
    recovery = page.locator(".banner code").all_inner_texts()
    assert len(recovery) == 10
    look(page, "recovery-codes")
    page.click("button:text-is('Sign out')")
    sign_in(page)
    assert "wrong" in page.inner_text(".problems")
    page.fill("#username", "root")
    page.fill("#password", PASSWORD)
    page.fill("#code", recovery[0])
    page.click("main button")
    page.click(".account a")
    assert "9 recovery codes are left." in page.inner_text("main")
    page.fill("#password", PASSWORD)
    page.click("button:text-is('Remove authenticator')")
    assert "no longer asked for" in page.inner_text(".done")


def stale(page, context):
    """Of two who edit the same, the later one is told instead of overwriting."""
    other = watch(context.new_page())
    for tab in (page, other):
        tab.goto(ORIGIN + "/if/admin/users/?search=dora")
        follow(tab, "dora")
        follow(tab, "Edit")
    other.fill("#name", "Dora the First")
    other.click("button:text-is('Update')")
    page.fill("#name", "Dora the Second")
    page.click("button:text-is('Update')")
    assert "changed meanwhile" in page.inner_text(".problems")
    other.close()


def themes(page):
    page.goto(ORIGIN + "/if/admin/")
    page.select_option("#theme", "dark")
    page.wait_for_load_state()
    wait("the dark theme", lambda: page.get_attribute("html", "data-theme") == "dark")
    page.select_option("#theme", "system")
    wait("the system's theme", lambda: page.get_attribute("html", "data-theme") == "system")


def without_script(browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(ORIGIN + "/if/admin/")
    sign_in(page)
    go(page, "Providers")
    follow(page, "Create")
    page.check("text=Microsoft Entra Provider")
    page.click("button:text-is('Next')")
    page.click("button:text-is('Finish')")
    assert page.locator(".problems li").count() == 4
    go(page, "Applications")
    follow(page, "Create")
    page.fill("#name", "Plain")
    page.fill("#slug", "plain")
    page.click("button:text-is('Create')")
    assert page.inner_text("h1") == "Plain"
    follow(page, "Delete")
    page.click("button:text-is('Delete application')")
    assert "Deleted." in page.inner_text(".done")
    go(page, "Property Mappings")
    follow(page, "email-verified-users of ours")
    page.fill("#person", "bob")
    page.click("button:text-is('Test')")
    assert "bob@partner.test" in page.inner_text("main")
    follow(page, "Edit")
    page.fill("#people", "bob")
    page.click("button:text-is('Preview')")
    assert "bob@partner.test" in page.inner_text("#trial pre >> nth=0")
    page.click("button:text-is('Sign out')")
    assert "/if/sign-in/" in page.url


def sign_out(page):
    page.click("button:text-is('Sign out')")
    page.goto(ORIGIN + "/if/admin/")
    assert "/if/sign-in/" in page.url


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60000)
    page = watch(context.new_page())
    try:
        set_up(browser)
        signing_in(context, page)
        create_provider(page)
        create_application(page)
        create_mapping(page)
        sync_people(page)
        plan(page)
        approve(page)
        fail_and_retry(page)
        preview(page)
        import_people(page)
        change_several(page)
        give_access(page)
        lose_authenticator(page, browser)
        outlive(page, context)
        administer(page)
        schedule(page)
        unlink(page)
        authenticator(page)
        stale(page, context)
        themes(page)
        inject(page)
        forge(browser, context)
        without_script(browser)
        sign_out(page)
    except BaseException:
        print(f"at {page.url}:\n{page.inner_text('body')[:3000]}", file=sys.stderr)
        raise
    browser.close()

assert not errors, "\n".join(errors)
print(f"looked at {len(looked)} pages")
