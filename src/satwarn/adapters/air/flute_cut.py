"""Objects into datagrams, by the FLUTE extension, within its own process."""

import json
from multiprocessing.connection import Connection
from typing import Any

from flute import sender

from satwarn.adapters.air.flute_message import pack
from satwarn.adapters.air.lct import unclosed

PROFILE = "ts-126-346-l6"  # the shortest file table the extension writes
LASTS_MS = 7 * 24 * 3600 * 1000  # tables are made once and sent for long; their expiry protects nobody, our gate does


def serve_cuts(pipe: "Connection[bytes, bytes]") -> None:
    """Answer each request (a line of JSON, then the content) with the datagrams, until the pipe is closed."""
    while True:
        head, _, content = pipe.recv_bytes().partition(b"\n")
        pipe.send_bytes(pack(cut(json.loads(head), content)))


def cut(head: dict[str, Any], content: bytes) -> list[bytes]:
    """One object as datagrams, as it was ordered (see `flute_message.cut_order`)."""
    config = sender.Config()
    config.fdt_xml_profile = PROFILE
    config.fdt_duration_ms = LASTS_MS
    config.fdt_start_id = head["instance"]
    one = sender.Sender(head["tsi"], sender.Oti.new_reed_solomon_rs28(*head["table"]), config)
    code = sender.Oti.new_reed_solomon_rs28(*head["code"])
    one.add_object_from_buffer(content, head["type"], "file:///" + head["location"], code)
    one.publish()
    datagrams = []
    while (datagram := one.read()) is not None:
        datagrams.append(unclosed(bytes(datagram)))
    return datagrams
