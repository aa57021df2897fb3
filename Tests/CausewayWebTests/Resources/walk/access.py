"""Roles, service accounts and passwords of other people."""

import re

from walk.browser import follow, go, look, signed_in
from walk.server import make_user


def walk(browser):
    make_user("dora", "Dora", "dora@company.com")
    give_access(signed_in(browser))


def give_access(page):
    go(page, "Users")
    follow(page, "Create a service account")
    page.fill("#name", "exporter")
    look(page, "service-account")
    page.click("main button:text-is('Create')")
    assert re.fullmatch(r"\S{20,}", page.inner_text(".key"))
    follow(page, "exporter")
    page.select_option("#role", label="Operator")
    page.click("button:text-is('Set role')")
    assert "role is set" in page.inner_text(".done")
    go(page, "Administrators")
    assert "exporter" in page.inner_text("table") and "Operator" in page.inner_text("table")
    look(page, "administrators")
    go(page, "Users")
    follow(page, "dora")
    page.fill("#password", "short")
    page.click("button:text-is('Set password')")
    assert page.locator(".problems").count() == 1
    look(page, "password-refused")
    follow(page, "Back to the user")
    page.fill("#password", "a phrase that is long enough")
    page.click("button:text-is('Set password')")
    assert "password is set" in page.inner_text(".done")
