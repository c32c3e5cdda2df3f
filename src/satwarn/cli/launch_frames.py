"""The satellite frames of a proposal, and what 250 bits cannot carry of it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from satwarn.errors import Ours

if TYPE_CHECKING:
    from satwarn.alert.alert import Alert
    from satwarn.authority.launch import Proposal, Stage


def frames(proposal: "Proposal", drafts: "dict[str, tuple[Stage, Alert]]") -> dict[str, Any]:
    """The frames of each stage's draft as sent at the launch, and what was lost; in Japan with the stage's own words."""
    from satwarn.frame.compose import compose
    from satwarn.frame.dcx import JAlert

    found: list[dict[str, Any]] = []
    lost: dict[str, None] = {}
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
            lost[f"{stage.name}: no frame at all: {error.what}"] = None
            continue
        found += [{"stage": stage.name, "service": composed.service.value, "hex": one.hex().upper()} for one in sent]
        lost |= dict.fromkeys(f"{one.aspect.value}: {one.what}" for one in composed.losses)
    return {"frames": found, "lost": list(lost)}
