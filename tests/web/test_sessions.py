"""A restart of the hub sends nobody away, and brings nobody back."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from satwarn.adapters.session_file import SessionFile
from satwarn.app.sign_in import SESSIONS
from satwarn.errors import Missing
from web.conftest import free_port
from web.hub import Browser, Hub, running

SATWARN = str(Path(sys.executable).with_name("satwarn"))


def is_in(browser: Browser, hub: Hub) -> bool:
    """Whether this browser, with what it has, is let in at a hub."""
    again = hub.browser()
    again.http.cookies = browser.http.cookies
    again.http.headers["user-agent"] = browser.http.headers["user-agent"]
    return again.get("/desk").url.path == "/desk"


def restarted(folder: Path, before: Callable[[Hub], Browser], after: Callable[[Hub], object]) -> bool:
    """Whether somebody who came in before a restart is still in after it."""
    with running(folder, sites="") as hub:
        browser = before(hub)
    with running(folder, people=False, sites="") as hub:
        after(hub)
        return is_in(browser, hub)


def nothing(hub: Hub) -> None:
    pass


def test_a_restart_sends_nobody_away(tmp_path: Path) -> None:
    assert restarted(tmp_path, lambda hub: hub.browser("Tanaka"), nothing)


def test_a_restart_lengthens_nothing(tmp_path: Path) -> None:
    def much_later(hub: Hub) -> None:
        hub.clock.ahead += timedelta(minutes=31)

    assert not restarted(tmp_path, lambda hub: hub.browser("Tanaka"), much_later)


def test_whoever_works_on_stays_in_until_their_day_is_over(tmp_path: Path) -> None:
    with running(tmp_path, sites="") as hub:
        browser = hub.browser("Tanaka")
        for _ in range(2):
            hub.clock.ahead += timedelta(minutes=29)
            assert browser.get("/desk").url.path == "/desk"
    with running(tmp_path, people=False, sites="") as hub:
        hub.clock.ahead = timedelta(minutes=2 * 29)
        again = hub.browser()
        again.http.cookies = browser.http.cookies
        while hub.clock.ahead < timedelta(hours=11, minutes=31):
            hub.clock.ahead += timedelta(minutes=29)
            assert again.get("/desk").url.path == "/desk"
        hub.clock.ahead += timedelta(minutes=29)
        assert again.get("/desk").url.path == "/desk/sign-in"


def test_a_restart_brings_nobody_back(tmp_path: Path) -> None:
    def signed_out(hub: Hub) -> Browser:
        browser = hub.browser("Tanaka")
        kept = dict(browser.http.cookies)
        browser.get("/desk")
        browser.submit("/desk/sign-out")
        browser.http.cookies.update(kept)
        return browser

    assert not restarted(tmp_path, signed_out, nothing)


def test_a_stolen_cookie_is_worth_nothing_after_a_restart_either(tmp_path: Path) -> None:
    def thief(hub: Hub) -> Browser:
        browser = hub.browser("Tanaka")
        browser.http.headers["user-agent"] = "somebody else's"
        return browser

    assert not restarted(tmp_path, thief, nothing)


def test_whoever_is_dismissed_is_out_even_when_appointed_again(tmp_path: Path) -> None:
    def dismissed(hub: Hub) -> Browser:
        browser = hub.browser("Mori")
        hub.record("dismiss", "person/Mori", {})
        assert not is_in(browser, hub)
        hub.appoint("Mori", set())
        assert not is_in(browser, hub)
        return browser

    assert not restarted(tmp_path, dismissed, nothing)


def test_a_dismissal_that_the_file_never_heard_of_counts_after_a_restart(tmp_path: Path) -> None:
    def before(hub: Hub) -> Browser:
        browser = hub.browser("Mori")
        kept = (tmp_path / "live" / SESSIONS).read_bytes()
        assert kept
        hub.live.realm._listeners.clear()
        hub.record("dismiss", "person/Mori", {})
        return browser

    assert not restarted(tmp_path, before, lambda hub: hub.appoint("Mori", set()))


def test_no_secret_is_in_the_file_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    with running(tmp_path, sites="") as hub:
        browser = hub.browser("Tanaka")
        secrets = [cookie.value or "" for cookie in browser.http.cookies.jar]
        browser.get("/desk")
        secrets += browser.tree.xpath("//input[@name='csrf']/@value")
    file = tmp_path / "live" / SESSIONS
    assert file.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(file) as db:
        said = str(db.execute("SELECT * FROM session").fetchall())
    db.close()
    assert "Tanaka" in said
    assert len(secrets) >= 2
    assert not any(one in said for one in secrets)


def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    sessions = SessionFile(tmp_path / SESSIONS)
    sessions._db.execute("PRAGMA query_only=1").fetchall()
    with pytest.raises(Missing, match="cannot be written"):
        sessions.drop("nobody's")
    sessions.close()


def test_a_hub_killed_in_the_night_knows_its_people_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    url, kept = f"http://localhost:{port}", httpx.Cookies()
    with served(port, tmp_path) as (hub, link), closing(Browser(url).http) as http:
        browser = Browser(url)
        browser.http = http
        assert "Nobody is appointed here yet" in browser.get("/desk").text
        browser.get(link.partition(f":{port}")[2])
        browser.submit("/desk/first", name="Tanaka")
        assert browser.get("/desk").url.path == "/desk"
        kept.update(http.cookies)
        hub.kill()
    with served(port, tmp_path) as (_, link), closing(Browser(url).http) as http:
        browser = Browser(url)
        browser.http = http
        http.cookies.update(kept)
        assert link == "", "there is an administrator, and nobody is offered a first link"
        assert browser.get("/desk").url.path == "/desk"
        assert browser.submit("/desk/sign-out").url.path == "/desk/sign-in"


@contextmanager
def served(port: int, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A hub as the command line starts it, and the link it prints for the first administrator."""
    command = [SATWARN, "serve", "--port", str(port), "--data", str(folder)]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as hub:
        try:
            assert hub.stdout is not None
            line = next(line for line in hub.stdout if line.startswith("first administrator"))
            yield hub, line.partition(": ")[2].strip() if "(live)" in line or "(live," in line else ""
        finally:
            hub.terminate()
