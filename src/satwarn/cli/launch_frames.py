"""The satellite frames of a proposal, and what 250 bits cannot carry of it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from satwarn.errors import Ours

_DIGITS = 63  # 250 bits, as frames are written down

if TYPE_CHECKING:
    from satwarn.alert.alert import Alert
    from satwarn.authority.launch import Proposal, Stage


def frames(proposal: "Proposal", drafts: "dict[str, tuple[Stage, Alert]]") -> dict[str, Any]:
    """The frames of each stage's draft as sent at the launch, and what the first of them lost.

    In Japan a frame carries the stage's own instruction of the J-Alert list.
    """
    from satwarn.frame.compose import compose
    from satwarn.frame.dcx import JAlert

    found: list[dict[str, Any]] = []
    lost: dict[str, None] = {}
    silent: list[str] = []
    for stage, alert in drafts.values():
        try:
            composed = compose(alert, at=proposal.report.time)
            said = [
                replace(report, instruction=stage.instruction)
                if isinstance(report, JAlert) and stage.instruction is not None
                else report
                for report in composed.reports
            ]
            sent = replace(composed, reports=tuple(said)).frames(proposal.report.time)
        except Ours as error:
            silent.append(f"{stage.name}: no frame at all: {error.what}")
            continue
        found += [
            {"stage": stage.name, "service": composed.service.value, "hex": one.hex().upper()[:_DIGITS]} for one in sent
        ]
        lost = lost or dict.fromkeys(f"{one.aspect.value}: {one.what}" for one in composed.losses)
    return {"frames": found, "lost": [*lost, *silent]}
