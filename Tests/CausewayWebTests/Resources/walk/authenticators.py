"""Authenticators: set up, lost, used, removed."""

import base64
import hmac
import io
import struct
import time

import zxingcpp
from PIL import Image

from walk.browser import account, create_user, follow, go, look, new_page, sign_in, signed_in
from walk.server import ORIGIN, PASSWORD

CAROLS = "a phrase of her own"


def walk(browser):
    page = signed_in(browser)
    lose_authenticator(page, browser)
    authenticator(page)


def lose_authenticator(page, browser):
    """An auditor sets up an authenticator and loses it; an administrator removes it."""
    create_user(page, "carol", "Carol Auditor", "carol@company.com")
    page.fill("#password", CAROLS)
    page.click("button:text-is('Set password')")
    assert "password is set" in page.inner_text(".done")
    page.select_option("#role", label="Auditor")
    page.click("button:text-is('Set role')")
    assert "role is set" in page.inner_text(".done")
    other = new_page(browser)
    other.goto(ORIGIN + "/if/admin/")
    sign_in(other, CAROLS, "carol")
    account(other, "Your account")
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
    assert other.inner_text(".account .who") == "carol"
    other.context.close()


def code(secret, now):
    """RFC 6238, with SHA-1, six digits and thirty seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(now) // 30), "sha1").digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


def scanned(page, secret):
    """A QR code reader finds the authenticator's address in the picture, in both themes."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        picture = Image.open(io.BytesIO(page.locator(".qr_code").screenshot()))
        wanted = f"otpauth://totp/Causeway%3Aroot?secret={secret}&issuer=Causeway"
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [wanted]


def authenticator(page):
    account(page, "Your account")
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
    account(page, "Sign out")
    sign_in(page)
    assert "wrong" in page.inner_text(".problems")
    page.fill("#username", "root")
    page.fill("#password", PASSWORD)
    page.fill("#code", recovery[0])
    page.click("main button")
    account(page, "Your account")
    assert "9 recovery codes are left." in page.inner_text("main")
    page.fill("#password", PASSWORD)
    page.click("button:text-is('Remove authenticator')")
    assert "no longer asked for" in page.inner_text(".done")
