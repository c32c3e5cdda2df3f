"""A launch report at the desk: what it proposes becomes a proposal two may agree on at once, or an officer's draft."""

from satwarn.alert.alert import MsgType
from satwarn.alert.purpose import Purpose
from satwarn.app.coding import with_frames
from satwarn.app.deeds import next_subject
from satwarn.app.realm import Realm
from satwarn.area.atlas import shipped_atlas
from satwarn.authority import launch, launch_draft, launch_report
from satwarn.authority.standing import Standing
from satwarn.errors import BadAlert
from satwarn.people.language import language

LANGUAGES = ("ja", "en", "de", "ko")


async def take_report(realm: Realm, data: bytes, *, by: str, purpose: Purpose = Purpose.REAL) -> Standing:
    """Propose (or, for an officer, draft) the first message a launch report leads to.

    BadMessage when it is no report, BadAlert when nobody lies below.
    """
    atlas = shipped_atlas()
    proposal = launch.propose(launch_report.read(data), atlas)
    first = next((stage for stage in proposal.stages if stage.msg_type is MsgType.ALERT), None)
    if first is None:
        raise BadAlert("leads to no message", where="launch report")
    words = {tag: language(tag).sentence(first.sentence) for tag in LANGUAGES}
    alert = launch_draft.draft(proposal, first, words, atlas, sender=realm.settings.sender, purpose=purpose)
    alert = with_frames(alert)

    def begin() -> Standing:
        name, desk = next_subject(realm, "launch"), realm.desk
        verb = desk.propose if realm.views.roster.officer(by).may("propose") else desk.draft
        stands = verb(alert, subject=name, by=by, now=realm.now())
        realm.record("launch report", name, {"report": data.decode()}, by=by)
        return stands

    return await realm.do(begin)
