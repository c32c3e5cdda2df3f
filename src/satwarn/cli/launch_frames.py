"""The satellite frames of a proposal, and what 250 bits cannot carry of it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from satwarn.authority.launch import Proposal

JAPAN_GOVERNMENT = 2  # CAMF A3 of country 111: Fire and Disaster Management Agency
EXTREME = 3
_LOST = (
    "the shapes: a frame names whole prefectures",
    "the time window: a frame has the launch time and no end in minutes",
    "the rings: certain, possible and neighbouring prefectures are told alike",
    "the text: each receiver says its own words for the instruction's number",
)


def frames(proposal: "Proposal") -> dict[str, Any]:
    """The J-Alert frame of each stage for the prefectures warned, at counter 0, and what was lost in words."""
    from satwarn.frame import encode
    from satwarn.frame.dcx import JAlert, MessageType
    from satwarn.frame.l1s import gps_time_of_week_s, preamble_at

    japan = tuple(sorted(int(unit.code) for unit in proposal.units if unit.scheme == "JISX0401"))
    others = [f"{unit.scheme}:{unit.code}" for unit in proposal.units if unit.scheme != "JISX0401"]
    lost = [f"no carrier of frames for {len(others)} units outside Japan: {' '.join(others)}"] if others else []
    found = []
    for stage in proposal.stages if japan else ():
        if stage.instruction is None:
            lost.append(f"no instruction of the Japanese list fits the stage {stage.name}")
            continue
        report = JAlert(
            message=MessageType.ALERT if stage.name == "launch" else MessageType.UPDATE,
            provider=JAPAN_GOVERNMENT,
            hazard=stage.hazard,
            severity=EXTREME,
            onset=proposal.report.time.replace(second=0, microsecond=0),
            instruction=stage.instruction,
            prefectures=japan,
            vn=1,
        )
        hexadecimal = encode(report, preamble=preamble_at(gps_time_of_week_s(proposal.report.time)), counter=0)
        found.append({"stage": stage.name, "hex": str(hexadecimal), "prefectures": [f"{code:02}" for code in japan]})
    return {"frames": found, "lost": [*(_LOST if found else ()), *lost]}
