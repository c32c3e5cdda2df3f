"""The receiver's ear for frames: copies, new warnings, what follows one, what ends one. Nothing here is signed."""

from dataclasses import replace
from datetime import datetime

from satwarn.alert.purpose import Purpose, rules
from satwarn.errors import BadFrame
from satwarn.frame import decode, payload_of
from satwarn.frame.dcr import NankaiTrough
from satwarn.frame.episode import Episodes
from satwarn.frame.pages import PagedText, Pages
from satwarn.ledger.receipt import Act, Path
from satwarn.receiver.acts import Acts, begun
from satwarn.receiver.effects import Replaced, Show
from satwarn.receiver.information import Move, informations
from satwarn.receiver.memory import Life, Warned
from satwarn.receiver.rules import Judgement, Situation, doubts_about, judge_frame
from satwarn.receiver.said import Said, said_by

ENDS = {Move.END: Life.CLEARED, Move.RETRACT: Life.RETRACTED}
ENDED = frozenset(ENDS.values())


class Air:
    """Hears frames and lets `acts` act."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._episodes = Episodes()
        self._pages = Pages()
        self.noise = 0

    def tick(self, now: datetime) -> None:
        """Forget what is no longer on the air."""
        self._episodes.tick(now)

    def hear(self, frame: bytes, *, satellite: int, at: Situation) -> None:
        """A frame (32 bytes) from a satellite (PRN, 0 unknown). Noise is ordinary and only counted."""
        try:
            report = decode(frame, received=at.now)
        except BadFrame:
            self.noise += 1
            return
        said = said_by(report, at.site, now=at.now)
        if said is None:
            return
        if isinstance(report, NankaiTrough) and not said.test:
            said = replace(said, text=self._pages.hear(report))
        payload = payload_of(frame)
        episode = self._episodes.hear(payload, satellite=satellite, now=at.now)
        known = self._acts.memory.of_payload(payload)
        is_copy = known is not None and at.now < known.until and not (episode.fresh and _may_be_new(known, said))
        if known and (is_copy or self._acts.needs_begin(known)):  # after a restart every frame is fresh
            self._copy(known, said, payload, at)
        else:
            self._new(said, payload, at)

    def _copy(self, known: Warned, said: Said, payload: str, at: Situation) -> None:
        """One more copy: it acts only where the first could not, or was never proven before a restart."""
        heard = known.heard(Path.GNSS, now=at.now, payload=payload)
        if known.live and not known.signed and known.purpose is Purpose.REAL and said.lasts is None:
            ends = at.now + informations()[said.information].limit
            heard = replace(heard, ends=max(ends, known.ends or ends))
        again = self._acts.needs_begin(known)
        if said.text and known.live and not again and _says_more(said.text, known.text):
            self._acts.refine(replace(heard, text=said.text), infos=(), now=at.now)
            return
        if again or (known.live and known.held):
            self._judge_again(heard, said, payload, at)
        elif Path.GNSS in known.first_heard:
            self._acts.note(heard)
        else:
            self._acts.remember(heard)

    def _judge_again(self, heard: Warned, said: Said, payload: str, at: Situation) -> None:
        """Judge a frame as of now: it acts if that is more than what it did, or what it did was never proven."""
        if heard.signed:
            if at.maintenance is None:
                self._begin_again(heard, heard.wanted or heard.act, "signed, for this place", at)
            else:
                self._acts.note(heard)
            return
        judgement = judge_frame(said, payload, at=at, memory=self._acts.memory)
        proving = heard.act is Act.SOUNDED
        if isinstance(judgement, Judgement) and (
            judgement.act is Act.SOUNDED if proving else _more(judgement.act, heard.act)
        ):
            heard = replace(heard, held=judgement.held, wanted=judgement.wanted)
            self._begin_again(heard, judgement.act, judgement.why, at)
        else:
            self._acts.note(heard)

    def _begin_again(self, heard: Warned, act: Act, why: str, at: Situation) -> None:
        again = replace(heard, act=act, why=why, begun_at=at.now, held=heard.held and act is not Act.SOUNDED)
        self._acts.begin(again, rules()[heard.purpose], path=Path.GNSS, now=at.now)

    def _new(self, said: Said, payload: str, at: Situation) -> None:
        judgement = judge_frame(said, payload, at=at, memory=self._acts.memory)
        if isinstance(judgement, str):
            self._acts.log_once(payload, judgement)
            return
        purpose = judgement.rule.purpose
        same = [one for one in self._acts.memory.live() if one.purpose is purpose and said.is_of(one.event, one.about)]
        if said.move in ENDS:
            self._end(said, judgement, payload, same, at)
        elif same:
            self._follow(same[-1], said, judgement, payload, at)
        else:
            self._begin(said, judgement, payload, at)

    def _begin(self, said: Said, judgement: Judgement, payload: str, at: Situation) -> None:
        warned = begun(f"frame {payload}@{at.now.isoformat()}", said, judgement, Path.GNSS, now=at.now, payload=payload)
        self._acts.begin(warned, judgement.rule, path=Path.GNSS, now=at.now)
        self._acts.unsure(warned, judgement.doubt)

    def _follow(self, earlier: Warned, said: Said, judgement: Judgement, payload: str, at: Situation) -> None:
        """Another frame about a warning that is on: it acts if it is more than what was done, else it confirms."""
        graver = said.rank > earlier.rank and judgement.act is Act.SOUNDED
        if graver or _more(judgement.act, earlier.act):
            if not earlier.signed:  # what is signed stays, whatever a frame adds to it
                self._acts.remember(replace(earlier, life=Life.REPLACED))
            self._begin(said, judgement, payload, at)
            if not earlier.signed:
                self._acts.say(Replaced(warning=earlier.name))
        elif judgement.act is Act.SOUNDED and self._acts.needs_begin(earlier):  # its own frame may not come again
            heard = earlier.heard(Path.GNSS, now=at.now, payload=payload)
            self._judge_again(replace(heard, payloads=earlier.payloads | {payload}), said, payload, at)
        elif earlier.signed:
            self._acts.log_once(payload, "says no more than what is signed")
        else:
            heard = earlier.heard(Path.GNSS, now=at.now, payload=payload)
            self._acts.refine(
                replace(
                    heard,
                    payloads=earlier.payloads | {payload},
                    ends=max(judgement.ends, earlier.ends or judgement.ends),
                    until=max(judgement.until, earlier.until),
                    rank=said.rank if said.move is Move.UPDATE else max(said.rank, earlier.rank),
                    about=said.about or earlier.about,
                    text=said.text if said.text and _says_more(said.text, earlier.text) else earlier.text,
                ),
                infos=(),
                now=at.now,
            )

    def _end(self, said: Said, judgement: Judgement, payload: str, same: list[Warned], at: Situation) -> None:
        """An end that nobody signed ends what nobody signed, where the radio looks sane; never a signed warning."""
        targets = [one for one in same if one.rank <= said.rank]
        if not targets:
            self._end_of_nothing(said, judgement, payload, at)
        for signed in (one for one in targets if one.signed):
            if self._acts.first_time(payload, f"contradicts {signed.name}"):
                self._acts.fault(
                    "contradiction", f"a frame says that {signed.identifier} is over; only a signed word is"
                )
        unsigned = [one for one in targets if not one.signed]
        why = "" if said.test else doubts_about(said, at)
        if unsigned and why:
            self._show_end(said, payload, unsigned[-1], why)
            return
        for one in unsigned:
            ended = replace(one, payloads=one.payloads | {payload})
            self._acts.end(ended, ENDS[said.move], path=Path.GNSS, now=at.now)

    def _end_of_nothing(self, said: Said, judgement: Judgement, payload: str, at: Situation) -> None:
        """The end of what is not on here: perhaps of what was missed. It is shown at most, and nothing follows it."""
        if judgement.act is Act.SILENT:
            self._acts.log_once(payload, f"ends nothing that is on here; {judgement.why}")
            return
        why = f"says that something is over that is not on here; {judgement.why}"
        self._begin(replace(said, event=""), replace(judgement, why=why), payload, at)

    def _show_end(self, said: Said, payload: str, warned: Warned, why: str) -> None:
        if not self._acts.first_time(payload, "end in doubt"):
            return
        self._acts.say(
            Show(
                warning=warned.name,
                hazard=said.hazard,
                instruction=said.instruction,
                why=f"says that it is over: {why}",
                information=said.information,
                purpose=warned.purpose,
            )
        )
        self._acts.fault("unsure", f"a frame says that {warned.name} is over: {why}; the duty officer is called")


def _may_be_new(known: Warned, said: Said) -> bool:
    """A real, unsigned type-44 frame heard again after a gap is a new event; a report of the agency carries its time,
    and what was ended stays ended."""
    dcx = said.event.startswith("dcx")
    return dcx and not known.signed and known.purpose is Purpose.REAL and known.life not in ENDED


def _says_more(text: PagedText, than: PagedText | None) -> bool:
    """Whether more of a text is known now, or all of a corrected one: what was kept before a restart is not given up
    for a single page."""
    if than is None or len(text.missing) < len(than.missing):
        return True
    return text.complete and text.text != than.text


_ORDER = (Act.SILENT, Act.SHOWN, Act.SOUNDED)


def _more(act: Act, than: Act) -> bool:
    return _ORDER.index(act) > _ORDER.index(than)
