"""What is done to a receiver by hand, and each way in which somebody else would do it."""

import asyncio
import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from satwarn.adapters import clock, holder_file
from satwarn.app.receiver_asked import tell
from satwarn.app.receiver_door import host_is_ours
from satwarn.app.receiver_hand import DEEDS, NAMES
from satwarn.app.receiver_run import Running
from satwarn.app.receiver_settings import read
from satwarn.errors import NotAllowed
from satwarn.people.language import tags
from satwarn.people.page_words import words
from satwarn.receiver.holders import LONGEST_WAIT_S, Holders, holder

AsReceiver = Callable[[Callable[["Receiver"], Awaitable[None]]], None]


class Receiver:
    """A running receiver with two key holders, and the secrets they were shown."""

    def __init__(self, running: Running, secrets: dict[str, str]) -> None:
        self.running, self.secrets = running, secrets
        assert running.status
        self.port = running.status.port

    @property
    def isolated(self) -> bool:
        return self.running.box.state()["maintenance"] is not None

    async def post(self, path: str, said: Any, **headers: str) -> tuple[int, str]:
        """Status and text; JSON unless a header says otherwise."""
        kind = headers.setdefault("Content_Type", "application/json")
        body = json.dumps(said) if "json" in kind else urllib.parse.urlencode(said)
        return await self.fetch(path, body.encode(), **headers)

    async def fetch(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, headers=named)

        def open_it() -> tuple[int, str]:
            try:
                with urllib.request.urlopen(asked, timeout=10) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        return await asyncio.to_thread(open_it)

    def as_holder(self, name: str, **said: Any) -> dict[str, Any]:
        return {"by": name, "secret": self.secrets[name], **said}


@pytest.fixture
def as_receiver(tmp_path: Path) -> AsReceiver:
    return lambda live, **changes: asyncio.run(_run(tmp_path, live, **changes))


async def _run(
    folder: Path, live: Callable[[Receiver], Awaitable[None]], *, by_hand: str = "", language: str = "en"
) -> None:
    file = folder / "site.toml"
    file.write_text(
        f'[site]\ncode = "31202"\nlanguages = ["{language}"]\nfolder = "{folder}/state"\n'
        '[status]\naddress = "127.0.0.1:0"\n'
        f'[[output]]\nname = "screen"\nkind = "screen"\n[by_hand]\n{by_hand}'
    )
    secrets = {name: holder_file.add(folder / "key-holders.json", name) for name in ("fitter", "warden")}
    running = Running(read(file))
    task = asyncio.create_task(running.run())
    try:
        while not (running.status and running.status.port):
            await asyncio.sleep(0.01)
        await live(Receiver(running, secrets))
    finally:
        running._stopping.set()
        await task


# ── the keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_different_holders_end_what_one_began(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        assert (await box.post("/maintenance", box.as_holder("fitter", minutes=60)))[0] == 200
        assert box.isolated
        for name, told in (("fitter", "second"), ("fitter", "second"), ("warden", "joined")):
            status, text = await box.post("/maintenance/leave", box.as_holder(name))
            assert (status, text) == (200, words("hand")[told]["en"])
        assert not box.isolated

    as_receiver(live)


def test_without_the_secret_of_that_holder_nothing_is_done(as_receiver: AsReceiver) -> None:
    wrong = "AAAA-AAAA-AAAA-AAAA-AAAA"

    async def live(box: Receiver) -> None:
        for path in ("/maintenance", "/maintenance/leave", "/test"):
            for said in (
                {"by": "fitter"},
                {"by": "fitter", "secret": ""},
                {"by": "fitter", "secret": wrong},
                {"by": "stranger", "secret": wrong},
                {"by": "", "secret": wrong},
                {"secret": wrong},
            ):
                status, text = await box.post(path, {"minutes": 60, **said})
                assert (status, "wait" in text) == (403, False), (path, said, text)
                assert not box.isolated
                box.running.hand._holders.wrong = 0  # each is looked at by itself, not the waiting

    as_receiver(live)


def test_one_holder_s_secret_does_not_turn_the_other_s_key(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        await box.post("/maintenance", box.as_holder("fitter", minutes=60))
        await box.post("/maintenance/leave", box.as_holder("fitter"))
        assert (await box.post("/maintenance/leave", {"by": "warden", "secret": box.secrets["fitter"]}))[0] == 403
        assert box.isolated

    as_receiver(live)


def test_wrong_tries_are_slowed_for_all_names_seen_as_a_fault_and_never_lock_the_stop(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        for n in range(5):
            await box.post("/maintenance", {"by": f"guess {n}", "secret": "AAAA", "minutes": 5})
        status, text = await box.post("/maintenance", box.as_holder("fitter", minutes=5))
        assert status == 403
        assert "wait" in text
        assert not box.isolated
        assert "wrong tries" in box.running.box.faults()["keys"]
        assert (await box.post("/stop", {"by": "caretaker"}))[0] == 200

    as_receiver(live)


def test_the_wait_grows_to_a_limit_and_a_right_secret_ends_it() -> None:
    salt = bytes(16)
    door, at_s, waits = Holders([holder("fitter", "GOOD", salt=salt)]), 0.0, []
    for _ in range(12):
        with pytest.raises(NotAllowed, match="not the secret"):
            door.check("fitter", "BAD", at_s=at_s)
        before = at_s
        while True:
            try:
                door.check("fitter", "GOOD", at_s=at_s)
                break
            except NotAllowed:
                at_s += 1.0
        waits.append(at_s - before)
        door.wrong = len(waits)  # the right secret would have reset it: it is the growth that is looked at
    assert waits[:3] == [0, 0, 1]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT_S
    assert door.check("fitter", "g-o-o-d", at_s=at_s) == "fitter"  # as a person types it
    assert door.after(door).check("fitter", "GOOD", at_s=at_s) == "fitter"


def test_where_nobody_holds_a_key_nobody_can_isolate() -> None:
    with pytest.raises(NotAllowed, match="keys add"):
        Holders().check("fitter", "", at_s=0)


def test_a_secret_is_shown_once_and_kept_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    secret = holder_file.add(file, "fitter")
    assert secret not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o644  # the receiver, which is not root, can read it
    again = holder_file.add(file, "fitter")
    (only,) = holder_file.read(file)
    assert Holders([only]).check("fitter", again, at_s=0) == "fitter"
    with pytest.raises(NotAllowed):
        Holders([only]).check("fitter", secret, at_s=0)
    holder_file.remove(file, "fitter")
    assert holder_file.read(file) == ()


def test_a_new_key_is_known_to_a_running_receiver(as_receiver: AsReceiver, tmp_path: Path) -> None:
    async def live(box: Receiver) -> None:
        await box.post("/maintenance", box.as_holder("fitter", minutes=60))
        clock.wait(0.02)
        box.secrets["guard"] = holder_file.add(tmp_path / "key-holders.json", "guard")
        await box.post("/maintenance/leave", box.as_holder("fitter"))
        assert (await box.post("/maintenance/leave", box.as_holder("guard")))[1] == words("hand")["joined"]["en"]

    as_receiver(live)


# ── the local stop ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("policy", "status"), [("local", 200), ("open", 200), ("secret", 403)])
def test_the_stop_wants_a_secret_only_where_the_site_says_so(
    policy: str, status: int, as_receiver: Callable[..., None]
) -> None:
    async def live(box: Receiver) -> None:
        assert (await box.post("/stop", {"by": "caretaker"}))[0] == status
        assert (await box.post("/stop", box.as_holder("fitter")))[0] == 200

    as_receiver(live, by_hand=f'stop = "{policy}"\n')


def test_from_another_machine_a_local_stop_wants_a_secret(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        hand, headers = box.running.hand, {"Content-Type": "application/json"}
        with pytest.raises(NotAllowed):
            hand.check("/stop", headers, b'{"by": "somebody"}', "192.0.2.7")
        said = json.dumps(box.as_holder("fitter")).encode()
        assert hand.check("/stop", headers, said, "192.0.2.7")["by"] == "fitter"
        assert hand.check("/stop", headers, b'{"by": "somebody"}', "::1")["by"] == "somebody"

    as_receiver(live)


# ── what a foreign page could send ───────────────────────────────────────────────────────────────────────────────────

FORM, PLAIN = "application/x-www-form-urlencoded", "text/plain"


FOREIGN = (
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "https://127.0.0.1:{port}"}, 403),
    ({"Sec_Fetch_Site": "cross-site"}, 403),
    ({"Sec_Fetch_Site": "same-site"}, 403),
    ({"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}, 421),  # DNS rebinding
    ({"Host": "evil.example"}, 421),
    ({"Content_Type": PLAIN}, 403),  # a simple request of a browser without Origin
    ({"Content_Type": FORM}, 403),
    ({"Content_Type": "multipart/form-data"}, 403),
    ({"Content_Type": ""}, 403),
)


def test_a_foreign_page_stops_nothing(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        for headers, status in FOREIGN:
            filled = {name: value.format(port=box.port) for name, value in headers.items()}
            assert (await box.post("/stop", {"by": "page"}, **filled))[0] == status, headers
            assert not any(event.kind == "stop" for event in box.running.box.events), headers
        assert (await box.post("/stop", {"by": "hand"}))[0] == 200

    as_receiver(live)


def test_no_get_does_anything(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        for path in DEEDS:
            assert (await box.fetch(f"{path}?by=page"))[0] == 404
        assert (await box.fetch("/status.json", Host="evil.example"))[0] == 421
        assert not any(event.kind == "stop" for event in box.running.box.events)

    as_receiver(live)


def test_our_own_form_works_without_a_script_and_only_with_its_token(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        page = (await box.fetch("/hand"))[1]
        token = page.partition('name="token" value="')[2].partition('"')[0]
        form = {"Content_Type": FORM, "Origin": f"http://127.0.0.1:{box.port}", "Sec_Fetch_Site": "same-origin"}
        status, text = await box.post("/stop", {"by": "kiosk", "token": token}, **form)
        assert status == 200
        assert words("hand")["stopped"]["en"] in text
        assert (await box.post("/stop", {"by": "kiosk", "token": token[:-1] + "x"}, **form))[0] == 403
        assert (await box.post("/maintenance", {**box.as_holder("fitter", minutes=5), "token": token}, **form))[
            0
        ] == 200
        assert box.isolated
        assert box.secrets["fitter"] not in (await box.fetch("/status.json"))[1]

    as_receiver(live)


def test_a_length_that_is_none_is_refused_and_holds_nobody_up(as_receiver: AsReceiver) -> None:
    async def live(box: Receiver) -> None:
        def ask(length: str) -> bytes:
            with socket.create_connection(("127.0.0.1", box.port), 5) as line:
                line.sendall(f"POST /stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode())
                return line.recv(100)

        for length in ("-1", "70000", "many", "1e3"):
            assert b" 413 " in (await asyncio.to_thread(ask, length)).split(b"\r\n")[0], length
        assert (await box.fetch("/status.json"))[0] == 200

    as_receiver(live)


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8631", True),
        ("[::1]:8631", True),
        ("localhost", True),
        ("192.0.2.7:8631", True),
        ("box.example:8631", True),
        ("evil.example:8631", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
        (":8631", False),
    ],
)
def test_a_borrowed_name_is_not_ours(host: str, ours: bool) -> None:
    assert host_is_ours({"Host": host}, "box.example:8631") is ours


# ── words and command line ───────────────────────────────────────────────────────────────────────────────────────────


def test_every_word_stands_in_every_language() -> None:
    assert all(set(row) == set(tags()) and all(row.values()) for row in words("hand").values())
    assert {f"{deed.word}{tail}" for deed in DEEDS.values() for tail in ("", "-what")} <= words("hand").keys()
    assert set(NAMES.values()) <= words("hand").keys()


def test_the_command_line_asks_the_same_door(as_receiver: AsReceiver, tmp_path: Path) -> None:
    async def live(box: Receiver) -> None:
        file = tmp_path / "site.toml"
        file.write_text(file.read_text().replace("127.0.0.1:0", f"127.0.0.1:{box.port}"))
        with pytest.raises(NotAllowed, match="not the secret"):
            await asyncio.to_thread(tell, file, "/maintenance", {"by": "fitter", "secret": "x", "minutes": 5})
        assert await asyncio.to_thread(tell, file, "/stop", {"by": "caretaker"}) == words("hand")["stopped"]["en"]

    as_receiver(live)


def test_why_it_was_not_done_is_said_in_the_language_of_the_site_and_to_a_program_in_english(
    as_receiver: AsReceiver,
) -> None:
    async def live(box: Receiver) -> None:
        token = box.running.hand.token
        for said, german in (
            ({"by": "", "secret": "x"}, "sagen Sie, wer Sie sind"),
            ({"by": "fitter", "secret": "wrong"}, "das ist nicht das Geheimnis dieses Schlüsselinhabers"),
            (box.as_holder("fitter", minutes="soon"), "Minuten sind eine ganze Zahl von 1 bis 720"),
            (box.as_holder("fitter"), "Minuten sind eine ganze Zahl von 1 bis 720"),
        ):
            form = {"token": token, **said}
            status, page = await box.post("/maintenance", form, Content_Type="application/x-www-form-urlencoded")
            assert status in (400, 403)
            assert f'<p role="status">✗ {german}</p>' in page
        status, text = await box.post("/maintenance", box.as_holder("fitter", minutes=721))
        assert (status, text) == (400, "minutes are a whole number from 1 to 720")
        assert (await box.fetch("/nowhere")) == (404, "diese Seite gibt es nicht")

    as_receiver(live, language="de")


def test_the_page_lets_a_browser_say_whose_form_it_sends(as_receiver: AsReceiver) -> None:
    """With `no-referrer` Chromium sends "Origin: null" with the forms of this very page, which are then refused."""

    async def live(box: Receiver) -> None:
        asked = urllib.request.Request(f"http://127.0.0.1:{box.port}/hand")
        headers = await asyncio.to_thread(lambda: dict(urllib.request.urlopen(asked, timeout=10).headers))
        assert headers["Referrer-Policy"] == "same-origin"

    as_receiver(live)
