"""Every page in both languages, both themes and three widths."""

import urllib.parse

from walk import accessibility, geometry
from walk.browser import errors, looked, picture, signed_in
from walk.installation import make
from walk.routes import Used
from walk.server import ORIGIN, PICTURES, api

WIDTHS = (390, 768, 1280)
HOME = "/if/admin/"


def walk(browser):
    made = make()
    used = Used("GET")
    for language, locale in (("en", "en-US"), ("de", "de-DE")):
        page = signed_in(browser, locale=locale, timezone_id="Europe/Berlin", reduced_motion="reduce")
        used.watch(page.context)
        for name, address in (addresses(made) | {"unsent": kept(page)}).items():
            page.goto(ORIGIN + address)
            look(page, f"{name}-{language}", language)
        for name, act in ACTS.items():
            act(page)
            look(page, f"{name}-{language}", language)
        page.context.clear_cookies(name="causeway_session")
        for name, address in OPEN.items():
            page.goto(ORIGIN + address)
            look(page, f"{name}-{language}", language)
        page.context.close()
    used.check()


def look(page, name, language):
    """The markup is that of both languages and both themes, so axe looks at all of it in one language, again at its colors in the other theme,
    at its words in the other language, and at all of it again where the layout folds. What is drawn differs everywhere."""
    accessibility.check_parts(page, name, language)
    page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
    if language == "en":
        found = accessibility.violations(page, name) + in_dark(page, name)
    else:
        found = accessibility.in_words(page, name)
    for width in reversed(WIDTHS):
        found += geometry.faults(page, name, width)
        if PICTURES:
            picture(page, f"page-{name}-{width}")
    if language == "en":
        found += accessibility.violations(page, f"{name}, folded")
    if PICTURES:
        page.set_viewport_size({"width": 1920, "height": 900})
        picture(page, f"page-{name}-1920")
    errors.extend(found)
    looked.append(name)


def in_dark(page, name):
    page.emulate_media(color_scheme="dark")
    found = accessibility.in_colors(page, f"{name}, dark")
    page.emulate_media(color_scheme="light")
    return found


def addresses(made):
    """Every page that has an address, by name."""
    provider = f"{HOME}providers/{made['provider']}/"
    objects = {
        "provider": provider, "user": f"{HOME}users/{made['user']}/", "group": f"{HOME}groups/{made['groups'][0]}/",
        "application": f"{HOME}applications/entra-id/", "mapping": f"{HOME}property-mappings/{made['mapping']}/", "token": f"{HOME}tokens/script/",
    }
    held, failed = (f"{HOME}runs/{run}/" for run in made["runs"])
    pages = {
        "dashboard": HOME, "search": f"{HOME}search/?q=a", "search-nothing": f"{HOME}search/?q=nothing-has-this-name",
        "account": f"{HOME}account/",
        "administrators": f"{HOME}administrators/", "system": f"{HOME}system/", "not-found": f"{HOME}nothing/", "no-user": f"{HOME}users/987654/",
        "events": f"{HOME}events/", "event": f"{HOME}events/{made['event']}/", "events-day": f"{HOME}events/?period=days%3D1&user=root",
        "import": f"{HOME}users/import/", "service-account": f"{HOME}users/service-account/", "group-tree": f"{HOME}groups/tree/",
        "user-block": f"{objects['user']}block/", "user-allow": f"{objects['user']}allow/",
        "groups-bulk": f"{HOME}groups/bulk/{bulk_of_groups(made)}/", "user-authenticator": f"{objects['user']}authenticator/", "provider-create": f"{HOME}providers/create/microsoft-entra/",
        "mapping-create": f"{HOME}property-mappings/create/microsoft-entra/", "mappings-managed": f"{HOME}property-mappings/?managed=true",
        "run-held": held, "run-failed": failed, "approve": f"{held}approve/", "reject": f"{held}reject/",
        "link": f"{provider}users/{made['link']}/", "unlink": f"{provider}users/{made['link']}/unlink/",
        "group-link": f"{provider}groups/{made['group link']}/", "group-unlink": f"{provider}groups/{made['group link']}/unlink/",
    }
    for place in ("applications", "groups", "property-mappings", "providers", "tokens", "users"):
        pages |= {place: f"{HOME}{place}/", f"{place}-create": f"{HOME}{place}/create/"}
    for tab in ("failures", "runs", "users", "groups", "drift", "schedule", "changelog"):
        pages[f"provider-{tab}"] = f"{provider}{tab}/"
    for name, one in objects.items():
        pages |= {name: one, f"{name}-edit": f"{one}edit/", f"{name}-delete": f"{one}delete/"}
        if name not in ("provider", "token"):
            pages[f"{name}-changelog"] = f"{one}changelog/"
    pages["provider-cause"] = f"{provider}failures/{urllib.parse.quote(made['cause'][0]['cause'], safe='')}/"
    return pages


def bulk_of_groups(made):
    """A change of several groups that goes on after its answer."""
    body = {"groups": [made["groups"][-1]], "action": "remove", "group": made["groups"][0], "background": True}
    return api("POST", "/causeway/groups/bulk/", body)["pk"]


def kept(page):
    """A form that came without its session, and that only a button sends again."""
    form = {"chosen": "1", "name": "x"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = page.context.request.post(f"{ORIGIN}{HOME}users/bulk/deactivate/", form=form, headers=headers, max_redirects=0)
    return answer.headers["location"]


def wrong_form(page):
    page.goto(f"{ORIGIN}{HOME}providers/create/microsoft-entra/")
    page.click("main .actions button.primary")


def preview_of_import(page):
    page.goto(f"{ORIGIN}{HOME}users/import/")
    page.fill("#users", "username,name,email,Team\ngus,Gus,gus@company.com,Maths\neve,Eve,not an address,\nkim,Kim,kim@company,\n")
    page.click("#import button[name=dry_run], form button[name=dry_run] >> nth=0")
    page.wait_for_selector("main form button.primary:not([name])")


def result_of_import(page):
    preview_of_import(page)
    page.click("main form button.primary:not([name]) >> nth=0")
    page.wait_for_selector("main a.button[href*='last_updated']")


def bulk(page):
    page.goto(f"{ORIGIN}{HOME}users/")
    page.check("tbody input[name=chosen] >> nth=0")
    page.select_option("#bulk-action", "activate")
    page.click("#bulk button[type=submit]")


def result_of_bulk(page):
    bulk(page)
    page.click("main form button[type=submit] >> nth=0")


def conflict(page):
    page.goto(f"{ORIGIN}{HOME}users/?search=ada")
    page.click("main tbody a >> nth=0")
    page.goto(page.url + "edit/")
    user = api("GET", "/core/users/?username=ada")["results"][0]
    api("PATCH", f"/core/users/{user['pk']}/", {"name": user["name"] + " King"})
    page.fill("#name", "Ada Byron")
    page.fill("#email", "ada@example.com")
    page.click("main .actions button.primary")


def preview_of_mapping(page):
    page.goto(f"{ORIGIN}{HOME}property-mappings/")
    page.click("main tbody a >> nth=0")
    page.fill("#person", "ada")
    page.click("main form:has(#person) button")


def connection(page):
    page.goto(f"{ORIGIN}{HOME}providers/")
    page.click("main tbody a:has-text('Entra ID provider')")
    page.click("form[action$='/check/'] button")


def weak_password(page):
    page.goto(f"{ORIGIN}{HOME}account/")
    for field in ("#current_password", "#new_password", "#new_password_again"):
        page.fill(field, "password1234")
    page.click("main form:has(#new_password) button")


def foreign_form(page):
    """A form that another site sends."""
    page.goto("about:blank")
    page.set_content(f"<form id=f method=post action='{ORIGIN}{HOME}groups/create/'></form>")
    with page.expect_navigation():
        page.evaluate("document.getElementById('f').submit()")


# What forms answer.
ACTS = {
    "form-errors": wrong_form, "import-preview": preview_of_import, "import-result": result_of_import, "bulk-confirm": bulk,
    "bulk-result": result_of_bulk, "conflict": conflict, "mapping-preview": preview_of_mapping, "connection": connection,
    "account-refused": weak_password, "forbidden": foreign_form,
}


# Pages that are read without an account.
OPEN = {
    "sign-in": "/if/sign-in/", "sign-in-link": "/if/sign-in/link/?key=unknown", "setup": "/if/setup/?token=unknown", "help": "/help/",
    "help-page": "/help/admin/", "help-table": "/help/provider-settings/", "help-folder": "/help/contributing/add-a-field/",
    "help-search": "/help/search/?q=admin%20consent", "help-nothing": "/help/search/?q=xyzzy", "api": "/help/api/", "api-tag": "/help/api/core/",
    "api-schemas": "/help/api/schemas/",
}
