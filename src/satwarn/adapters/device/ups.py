"""The power: what a NUT server (RFC 9271) says of a UPS. It is only read, never logged in to."""

import asyncio

ANSWERS_WITHIN_S = 3.0


async def ups(address: str, name: str) -> dict[str, str]:
    """What a NUT server says of the power: a fault by name, or nothing."""
    host, _, port = address.rpartition(":")
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), ANSWERS_WITHIN_S)
        try:
            writer.write(f"GET VAR {name} ups.status\nLOGOUT\n".encode())
            answer = (await asyncio.wait_for(reader.readline(), ANSWERS_WITHIN_S)).decode(errors="replace").strip()
        finally:
            writer.close()
    except (OSError, ValueError) as error:
        return {"ups": f"its server does not answer: {error}"}
    return ups_fault(answer)


def ups_fault(answer: str) -> dict[str, str]:
    """The fault in an answer of NUT: a set of words, of which unknown ones are passed over; else it is unknown."""
    if not answer.startswith("VAR "):
        return {"ups": f"its state is unknown: {answer or 'no answer'}"}
    words = set(answer.partition('"')[2].rstrip('"').split())
    wrong = [what for word, what in UPS_WORDS.items() if word in words]
    if not wrong and "OL" not in words:
        wrong = ["it does not say that it is on mains"]
    return {"ups": ", ".join(wrong)} if wrong else {}


UPS_WORDS = {"OB": "on battery", "LB": "battery low", "RB": "replace battery", "OFF": "off", "FSD": "shutting down"}
