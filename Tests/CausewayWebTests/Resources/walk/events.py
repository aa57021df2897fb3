"""The log: who changed what, with filters, saved views, a chart, exports, and the changelogs of objects."""

import datetime
import json
import zoneinfo

from walk.browser import follow, go, look, new_page, provider, signed_in
from walk.server import MAPPING, ORIGIN, PASSWORD, api, make_group, make_provider, make_user

ROWS = "table.rows:not(.short) > tbody > tr"


def walk(browser):
    key = make_provider()
    group = make_group("Staff", make_user("ada", "Ada Lovelace", "ada@company.com"))
    api("PATCH", f"/providers/microsoft_entra/{key}/", {"filter_group": group, "client_secret": "another-secret"})
    mapping = api("GET", "/propertymappings/provider/microsoft_entra/?page_size=100")["results"]
    own = next(one for one in mapping if one["name"] == MAPPING)
    path = f"/propertymappings/provider/microsoft_entra/{own['pk']}/"
    api("PATCH", path, {"expression": own["expression"] + "\n# an added line"})
    api("POST", "/causeway/import/", {"users": "username,name\nbob,Bob\n"})
    page = signed_in(browser)
    filter_group(page)
    line_diff(page)
    changelogs(page)
    log(page)
    bars(page)
    days(browser)
    views(page)
    exports(page)
    without_script(browser)


def filter_group(page):
    """Who set the filter group? One click from the provider's page, another for everything about the change."""
    provider(page, "Changelog")
    row = page.locator(ROWS, has_text="Staff")
    words = row.inner_text()
    for part in ("root", "Filter group", "Staff", "Client secret", "changed"):
        assert part in words, words
    assert "another-secret" not in page.content()
    assert row.locator("ins").all_inner_texts() == ["Staff"] and row.locator(".nothing").all_inner_texts() == ["none"]
    look(page, "provider-changelog")
    row.locator("th a").click()
    cells = page.locator("tr", has_text="Filter group").locator("th, td").all_inner_texts()
    assert [cell.strip() for cell in cells] == ["Filter group", "none", "Staff"], cells
    assert not page.locator("details pre").is_visible()
    page.click("summary:text-is('Raw event')")
    assert json.loads(page.inner_text("details pre"))["diff"]["filter_group"]["previous_value"] is None
    look(page, "event-changes")


def line_diff(page):
    """A changed expression is shown line by line, in the changelog of the provider too."""
    provider(page, "Changelog")
    row = page.locator(ROWS, has_text=f"Changed the property mapping {MAPPING}")
    assert "+ # an added line" in row.locator(".line.added").all_inner_texts()


def changelogs(page):
    """Users, groups, mappings and applications have changelogs."""
    for place, name, words in (
        ("Users", "ada", "Created the group Staff"), ("Groups", "Staff", "+ ada"),
        ("Property Mappings", MAPPING, "an added line"), ("Applications", "Entra ID", "Backchannel"),
    ):
        go(page, place)
        follow(page, name)
        follow(page, "Changelog")
        assert words in page.inner_text("main table"), page.inner_text("main table")
    look(page, "changelog-of-object")


def log(page):
    """Each filter is in the address; the chart counts what the filter finds."""
    go(page, "Logs")
    page.wait_for_selector("#search-events")
    rows = page.locator(ROWS).all_inner_texts()
    # A run of the provider may end at any time, so the newest row is not always an act of root.
    acts = [row for row in rows if "\troot" in row]
    assert "root signed in" in acts[0] and any("Imported users.csv" in row for row in acts), rows
    page.select_option("#action", "model_updated")
    page.fill("#user", "root")
    page.select_option("#object_type", "microsoftentraprovider")
    page.select_option("#period", "days=1")
    page.click("button:text-is('Apply')")
    for part in ("action=model_updated", "user=root", "object_type=microsoftentraprovider", "period=days%3D1"):
        assert part in page.url, page.url
    rows = page.locator(ROWS).all_inner_texts()
    assert rows and all("Changed the provider" in row for row in rows), rows
    assert page.input_value("#user") == "root" and page.input_value("#period") == "days=1"
    page.click("summary:text-is('Show as a table')")
    counted = sum(int(text.replace(",", "")) for text in page.locator("table.short tbody td").all_inner_texts())
    assert counted == len(rows), (counted, rows)
    look(page, "events-filtered")
    page.fill("#search-events", "no such words")
    page.click("button:text-is('Apply')")
    assert "Nothing matches" in page.inner_text("main")
    follow(page, "Clear filters")
    page.goto(f"{ORIGIN}/if/admin/events/?area=nonsense&before=x&period=never&from=yesterday&provider=x&object=1")
    assert page.locator(ROWS).count() > 0


def bars(page):
    """A bar leads to the events of its day, with the other filters; so does its row, by keyboard. One day is shown by hours."""
    page.goto(f"{ORIGIN}/if/admin/events/?action=custom_import&period=days%3D7")
    page.locator(".bars a").last.click()
    assert "action=custom_import&from=" in page.url and "period" not in page.url, page.url
    assert page.input_value("#from") == page.input_value("#until") != ""
    assert page.locator(ROWS).count() == 1 and "per hour" in page.inner_text("#chart-title")
    assert page.locator(".bars a").count() == 0
    page.go_back()
    page.click("summary:text-is('Show as a table')")
    page.locator("table.short tbody th a").last.press("Enter")
    page.wait_for_url("**from=*")
    assert page.locator(ROWS).count() == 1


def days(browser):
    """A day is that of the viewer, where it is another day than in UTC."""
    now = datetime.datetime.now(datetime.timezone.utc)
    zone = "Pacific/Kiritimati" if now.hour >= 10 else "Pacific/Pago_Pago"
    today = now.astimezone(zoneinfo.ZoneInfo(zone)).date()
    assert today != now.date()
    page = signed_in(browser, timezone_id=zone)
    page.reload()
    for day, count in ((today, 1), (now.date(), 0)):
        page.goto(f"{ORIGIN}/if/admin/events/?action=custom_import&from={day}&until={day}")
        assert page.locator(ROWS).count() == count, (zone, day, page.inner_text("main"))
    page.context.close()


def views(page):
    """A filter is saved under a name, opened again, and deleted."""
    page.goto(f"{ORIGIN}/if/admin/events/?action=custom_import")
    page.click("summary:text-is('Save or delete a view')")
    page.fill("#view-name", "All imports")
    page.click("button:text-is('Save this view')")
    assert "View saved." in page.inner_text(".done") and "action=custom_import" in page.url
    assert page.get_by_role("link", name="All imports").get_attribute("aria-current") == "true"
    go(page, "Logs")
    follow(page, "All imports")
    page.wait_for_url("**action=custom_import*")
    assert page.locator(ROWS).count() == 1 and "Imported users.csv" in page.inner_text(ROWS)
    look(page, "events-view")
    page.click("summary:text-is('Save or delete a view')")
    page.click("button:has-text('Delete the view')")
    assert "View deleted." in page.inner_text(".done") and page.get_by_role("link", name="All imports").count() == 0


def exports(page):
    """The files have what the filter finds."""
    page.goto(f"{ORIGIN}/if/admin/events/?action=custom_import")
    with page.expect_download() as download:
        page.click("a:has-text('Export JSON lines')")
    lines = download.value.path().read_text().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["custom_import"], lines
    with page.expect_download() as download:
        page.click("a:has-text('Export CSV')")
    assert len(download.value.path().read_text().splitlines()) == 2


def without_script(browser):
    """Filters and views are forms."""
    page = new_page(browser, java_script_enabled=False)
    page.goto(ORIGIN + "/if/admin/events/")
    page.fill("#username", "root")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.goto(ORIGIN + "/if/admin/events/")
    page.select_option("#area", "changes")
    page.click("button:text-is('Apply')")
    assert "area=changes" in page.url and page.locator(ROWS).count() > 0
