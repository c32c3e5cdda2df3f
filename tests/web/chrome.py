"""Debian's Chromium through Playwright, with a virtual passkey where a test asks for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

EXECUTABLE = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; each page of it a person of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def person(browser: Browser, url: str, *, passkey: bool = False, **context: Any) -> Page:
    """A new person at a new browser; every request to anybody else fails the test."""
    page = browser.new_context(base_url=url, **context).new_page()
    page.set_default_timeout(20_000)  # as long as `until` waits: a busy machine is no fault
    if passkey:
        client = page.context.new_cdp_session(page)
        client.send("WebAuthn.enable")
        client.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page
