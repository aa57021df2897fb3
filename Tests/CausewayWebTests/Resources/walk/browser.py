"""The shared part of the walks: a browser whose pages are watched, the checks of every page, and steps through the interface."""

import contextlib
import pathlib

from PIL import Image
from playwright.sync_api import Error, sync_playwright

from walk import accessibility, geometry
from walk.server import ORIGIN, PASSWORD, PICTURES, PROVIDER

FOLDER = pathlib.Path(PICTURES) if PICTURES else None

opened, looked, errors = [], [], []
WIDTHS = (1280, 768, 390)


@contextlib.contextmanager
def running_browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


def new_page(browser, **options):
    """A page with cookies of its own."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
    context.set_default_timeout(60000)
    return watch(context.new_page())


def signed_in(browser, **options):
    """A page on the dashboard, signed in as root."""
    page = new_page(browser, **options)
    page.goto(ORIGIN + "/if/admin/")
    sign_in(page)
    page.wait_for_selector("nav.places")
    return page


def watch(page):
    """Errors and dialogs of a page are failures, except answers with a status of 4xx. A click ends when the page that it leads to is loaded."""
    opened.append(page)
    page.click = loading(page, page.click)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on("console", lambda message: is_error(message) and errors.append(f"{page.url}: {message.text}"))
    page.on("dialog", lambda dialog: (errors.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
    return page


def loading(page, action):
    def run(*given, **options):
        action(*given, **options)
        page.wait_for_load_state()

    return run


def is_error(message):
    return message.type == "error" and "status of 4" not in message.text


def reload(page):
    """Reloads a page that may be about to reload by itself."""
    try:
        page.reload()
    except Error:
        page.wait_for_load_state()
    return True


def look(page, name):
    """Checks a page. If another takes its place in between, as pages of runs reload by themselves, that one is checked."""
    size = page.viewport_size
    for _ in range(5):
        try:
            page.wait_for_load_state()
            page.evaluate("window.isLookedAt = true")
            look_once(page, name)
            return looked.append(name)
        except (AssertionError, Error):
            if is_still_there(page):
                raise
        finally:
            page.set_viewport_size(size)
    raise AssertionError(f"{name} reloads again and again")


def is_still_there(page):
    """Whether a page is the one that was looked at, and no other has been loaded since."""
    try:
        return page.evaluate("window.isLookedAt === true")
    except Error as error:
        if "context was destroyed" not in str(error):
            raise
        return False


def look_once(page, name):
    """One heading, no accessibility violation in either theme, every control reached by keyboard, nothing cut or overlapping at any width.
    Takes the pictures."""
    accessibility.check_parts(page, name)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = accessibility.in_colors(page, f"{name}, dark")
    page.emulate_media(color_scheme="light")
    found += accessibility.violations(page, name)
    keyboard(page, name)
    for width in WIDTHS:
        found += geometry.faults(page, name, width)
        if FOLDER and width != 768:
            picture(page, f"{name}-{width}")
    errors.extend(found)


def picture(page, name):
    """Takes a picture with few colors, which is small: the most frequent ones as they are, and others that are far from each other."""
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file, full_page=True)
    whole = Image.open(file).convert("RGB")
    frequent = [color for _, color in sorted(whole.getcolors(1 << 24), reverse=True)[:14]]
    others = whole.quantize(14, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).getpalette()[:42]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for color in frequent for part in color] + others)
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)


def keyboard(page, name):
    """The Tab key reaches every control in one round of the page."""
    wanted = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
          // A list of a picker has one stop, and arrow keys move in it. F1 leads to the help of a field. A bar leads where its row does.
          const isStop = (e) => e.tabIndex >= 0 || !e.closest("[data-picker], .help, .bars");
          const shown = all.filter((e) => e.checkVisibility() && !e.disabled && isStop(e));
          const groups = new Set();
          document.activeElement?.blur();
          return shown.filter((e) => {
            if (e.type !== "radio") return true;
            if (groups.has(e.name)) return false;
            return groups.add(e.name);
          }).length;
        }"""
    )
    page.evaluate(
        """() => {
          window.reached = new Set();
          window.scrollTo(0, 0);
          document.body.tabIndex = -1;
          document.body.focus();
          document.body.removeAttribute('tabindex');
        }"""
    )
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        is_round = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body) return window.reached.size > 0;
              const key = e.type === "radio" ? e.name : e;
              if (!e.matches("a[href], button, input, select, textarea, summary")) return false;
              // A date has several parts in one control.
              const stays = e === window.last;
              window.last = e;
              if (window.reached.has(key)) return !stays;
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
    page.wait_for_load_state()


def account(page, button):
    """Opens the menu of the account, and presses a button or follows a link in it."""
    page.click(".account > summary")
    page.click(f".account .panel >> text='{button}'")


def sign_in(page, password=PASSWORD, username="root"):
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("main button")


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
    follow(page, PROVIDER)
    if tab:
        page.click(f".tabs a:text-is('{tab}')")


def linked(page):
    provider(page, "Users")
    return page.inner_text("main")
