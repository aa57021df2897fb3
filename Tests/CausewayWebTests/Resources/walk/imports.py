"""The import of people from CSV, pasted and from a file."""

from walk.browser import follow, go, look, signed_in
from walk.server import wait


def walk(browser):
    import_people(signed_in(browser))


def import_people(page):
    go(page, "Users")
    follow(page, "Import")
    page.fill("#users", "username,name,email,groups\ndora,Dora,dora@company.com,Staff\neve,Eve,not an address,\n")
    look(page, "import")
    page.click("button:text-is('Preview')")
    assert "nothing has been" in page.inner_text("main .card") and "line 3" in page.inner_text("main .card")
    look(page, "import-preview")
    people = page.input_value("#users").encode() + b"frank,Frank,frank@company.com,\n"
    page.set_input_files("#users-file", {"name": "people.csv", "mimeType": "text/csv", "buffer": people})
    wait("the file to be read", lambda: "frank" in page.input_value("#users"))
    page.click("button:text-is('Import')")
    text = page.inner_text("main")
    assert "line 3" in text, text
    look(page, "import-report")
    go(page, "Groups")
    follow(page, "Staff")
    assert "dora" in page.inner_text("main")
