"""A handshake that fails is told at both ends: which end refused whose certificate, and why."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest

from satwarn.adapters import clock
from satwarn.adapters.ground.tls import in_words, tell_refusals
from satwarn.adapters.ground.websocket import WebSocketLine
from satwarn.adapters.ground.websocket_hub import SOMEBODY, WebSocketGround
from tls_making import Root, root

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def shown(by: Root, *, days: int = 2) -> Path:
    """A client's certificate and key in one file."""
    before = set(by.folder.glob("server-*.pem"))
    by.server(name="site", days=days)
    (made,) = set(by.folder.glob("server-*.pem")) - before
    return made


def contexts(
    hub: Root, *, certificate: Path | None, believes: Root, version: ssl.TLSVersion
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Those of a hub and of a site."""
    there, here = hub.server(), ssl.create_default_context(cafile=believes.pem)
    there.load_verify_locations(hub.pem)
    there.verify_mode, there.num_tickets, there.maximum_version = ssl.CERT_REQUIRED, 0, version
    if certificate:
        here.load_cert_chain(certificate)
    return there, here


async def until(true: Any) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("version", VERSIONS, ids=["1.2", "1.3"])
@pytest.mark.parametrize(
    ("which", "at_the_site", "at_the_hub"),
    [
        (
            "none",
            "the hub refused this site's certificate: none was shown",
            "the hub refused a site's certificate: none",
        ),
        ("expired", "the hub refused this site's certificate: it has expired", "a site's certificate: it has expired"),
        ("strange", "the hub refused this site's certificate: its authority", "a site's certificate: its authority"),
        ("hub", "this site refused the hub's certificate: its authority", "a site refused the hub's certificate: its"),
    ],
)
def test_both_ends_know_who_refused_whom_and_why(
    which: str, at_the_site: str, at_the_hub: str, version: ssl.TLSVersion, tmp_path: Path
) -> None:
    own, other = root(tmp_path / "own"), root(tmp_path / "other")
    certificate = {"none": None, "expired": shown(own, days=-1), "strange": shown(other), "hub": shown(own)}[which]

    async def work() -> None:
        believes = other if which == "hub" else own
        there, here = contexts(own, certificate=certificate, believes=believes, version=version)
        ground, refused = WebSocketGround(now=clock.now, tls=there), list[tuple[str, str]]()
        ground.on_refused = lambda site, why: refused.append((site, why))
        port = await ground.open()
        line = WebSocketLine(
            f"wss://127.0.0.1:{port}", "x", lambda *_: None, now=clock.now, chance=lambda: 0.0, tls=lambda: here
        )
        line.open()
        await until(lambda: bool(refused) and "certificate" in line.why)
        assert at_the_site in line.why, line.why
        assert refused[0][0] == SOMEBODY
        assert at_the_hub in refused[0][1], refused[0][1]
        assert not line.connected
        line.close()
        await ground.close()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("code", "words"),
    [(10, "expired"), (9, "does not hold yet"), (20, "authority"), (23, "revoked"), (62, "another name"), (99, "odd")],
)
def test_every_reason_of_ours_has_its_words(code: int, words: str) -> None:
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_code, error.verify_message = code, "odd"
    assert in_words(error).startswith("this site refused the hub's certificate: ")
    assert words in in_words(error)


def test_a_handshake_that_succeeds_tells_nothing(tmp_path: Path) -> None:
    own = root(tmp_path / "own")
    told: list[ssl.SSLError] = []

    async def work() -> None:
        there, here = contexts(own, certificate=shown(own), believes=own, version=VERSIONS[1])

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.read(5))
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tell_refusals(there, told.append))
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tell_refusals(here, told.append))
        writer.write(b"hello")
        assert await reader.read(5) == b"hello"
        writer.close()
        server.close()

    asyncio.run(work())
    assert told == []
