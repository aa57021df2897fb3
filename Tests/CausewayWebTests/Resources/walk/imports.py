"""The import of people from CSV, pasted and from a file: preview, columns with another meaning, the changes as a file, the next steps."""

import csv

from walk.browser import follow, go, look, signed_in
from walk.server import ORIGIN, api, make_synced, make_user, wait


def walk(browser):
    make_synced()
    make_user("zoe", "Zoe", "zoe@company.com", attributes={"employee_id": "7"})
    page = signed_in(browser)
    import_people(page)
    choose_columns(page)
    resolve_columns(page)
    warn(page)


def begin(page):
    go(page, "Users")
    follow(page, "Import")


def import_people(page):
    begin(page)
    page.fill("#users", "username,name,email,groups\ndora,Dora,dora@company.com,Staff\neve,Eve,not an address,\n")
    look(page, "import")
    page.click("button:text-is('Preview')")
    assert "nothing has been" in page.inner_text("main .card") and "line 3" in page.inner_text("main .card")
    look(page, "import-preview")
    people = page.input_value("#users").encode() + b"frank,Frank,frank@company.com,\n"
    page.click("summary:text-is('Files and settings')")
    page.set_input_files("#users-file", {"name": "people.csv", "mimeType": "text/csv", "buffer": people})
    wait("the file to be read", lambda: "frank" in page.input_value("#users"))
    page.click("main button:text-is('Import') >> nth=0")
    text = page.inner_text("main")
    assert "line 3" in text and "2 users created" in text, text
    assert page.locator("#users").count() == 0, "the form is still there after the import"
    assert "Entra ID provider" in page.inner_text("main ul.providers")
    assert "people.csv, line 3" in text, text
    look(page, "import-report")
    show_again(page)
    link = page.get_attribute("main .chips a:has-text('dora')", "href")
    follow(page, "View users")
    assert page.inner_text("table tbody tr a >> nth=0") in ("dora", "frank")
    follow(page, "dora")
    assert page.url == ORIGIN + link
    go(page, "Groups")
    follow(page, "Staff")
    assert "dora" in page.inner_text("main")


def show_again(page):
    """A reload shows the result again and imports nothing, and so does Back."""
    address = page.url
    page.reload()
    assert "2 users created" in page.inner_text("main")
    follow(page, "Entra ID provider")
    page.go_back()
    assert page.url == address and "2 users created" in page.inner_text("main")
    imports = api("GET", "/causeway/events/?action=custom_import")["results"]
    assert len(imports) == 1, imports
    page.goto(ORIGIN + "/if/admin/users/import/?result=gone")
    assert "no longer shown here" in page.inner_text(".problems")
    look(page, "import-gone")
    page.goto(address)


def choose_columns(page):
    """A column gets another meaning, users are created, changed and renamed, and the changes can be stored."""
    begin(page)
    page.fill("#users", "username,name,email,employee id,Team\nzoe.new,Zoe,zoe@company.com,7,Maths\ngus,Gus,gus@company.com,8,Maths\n")
    page.select_option("#key", label="Employee ID")
    page.click("button:text-is('Preview')")
    chosen = page.get_by_label("Becomes: Team")
    assert chosen.input_value() == "" and "Attribute team" in chosen.locator("option >> nth=0").inner_text()
    chosen.select_option(label="Attribute department")
    page.click("button:text-is('Preview again')")
    chosen = page.get_by_label("Becomes: Team")
    assert chosen.input_value() == "Team=attributes.department"
    assert "department: Maths" in page.inner_text("main table >> nth=0")
    text = page.inner_text("main .card >> nth=0")
    assert "1 user would be renamed" in text and "was zoe" in text and "1 user would be created" in text, text
    look(page, "import-columns")
    with page.expect_download() as download:
        page.click("button:text-is('Download all changes')")
    rows = list(csv.DictReader(open(download.value.path(), newline="", encoding="utf-8")))
    assert [(row["change"], row["former_username"], row["username"]) for row in rows] == [("renamed", "zoe", "zoe.new"), ("created", "", "gus")]
    assert rows[0]["fields"] == "attributes.department;username"
    page.click("main button:text-is('Import') >> nth=0")
    follow(page, "zoe.new")
    assert '"department": "Maths"' in page.inner_text("pre >> nth=-1")


def resolve_columns(page):
    """Two columns that mean the same stop an import; the choice is made on the page that says so."""
    begin(page)
    page.fill("#users", "Work e-mail,Contact email\nhal@company.com,hal@home.test\n")
    page.click("button:text-is('Preview')")
    assert "have the same meaning" in page.inner_text(".problems")
    look(page, "import-refused")
    page.get_by_label("Becomes: Contact email").select_option(label="Attribute other_mail")
    page.click("button:text-is('Preview again')")
    assert page.locator(".problems").count() == 0
    assert "1 user would be created" in page.inner_text("main .card >> nth=0")


def warn(page):
    """Warnings stand by kind with their counts, and long lists are folded."""
    begin(page)
    people = "".join(f"p{number},Person {number},\n" for number in range(8))
    page.fill("#users", f"username,name,email\n{people}kim,Kim,kim@company\n")
    page.click("button:text-is('Preview')")
    folded, few = page.locator("details.warning").all()
    assert "8 lines" in folded.inner_text() and folded.get_attribute("open") is None
    assert "1 line" in few.inner_text() and "kim@company" in few.inner_text()
    folded.locator("summary").click()
    assert "line 2: p0" in folded.inner_text()
    look(page, "import-warnings")
