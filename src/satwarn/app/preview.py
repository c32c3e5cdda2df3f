"""What will happen if this goes out: as received, on every path, in words. Looked at before anybody agrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from satwarn.alert.advice import ADVICE
from satwarn.alert.alert import Alert
from satwarn.alert.differ import Difference, differences
from satwarn.alert.lifecycle import LIVE, OPEN, State
from satwarn.alert.plan import plan_of
from satwarn.alert.purpose import Purpose, rule_of
from satwarn.app.coding import Coded, coded
from satwarn.app.compose import spelled_codes
from satwarn.app.realm_views import Views
from satwarn.area import gazetteer, spelled
from satwarn.authority import drill_notice
from satwarn.authority.agreement import Message
from satwarn.authority.difference import AreaChange, area_change
from satwarn.authority.standing import Standing, read_draft
from satwarn.authority.tracks import tracks
from satwarn.people.announcement import announce
from satwarn.people.language import language, tags

SHORT, LONG = 90, 360
ENDED = frozenset({State.CLEARED, State.RETRACTED, State.EXPIRED, State.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One language as people get it: the lines a site says and shows, and the short forms phones have room for."""

    language: str
    headline: str
    lines: tuple[str, ...]
    short: str
    long: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """What would make a message better understood (`alert/advice`), by its rule, and in which language it lies."""

    rule: str
    language: str
    what: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Another live warning of the same danger for the same people, and the all-clear that is being prepared for it."""

    warning: Standing
    clear: Standing | None

    @property
    def is_agreed(self) -> bool:
        """Whether its all-clear only waits for the others."""
        return self.clear is not None and self.clear.state is State.APPROVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Everything the approval page shows of one message. `rings` keys the sentence that says what will ring.

    `down` are sites nobody should count on, `faulty` others that say something is wrong with them; `notes` is what was
    written down about a site: why, and what stands in for it. `tracks` are what an all-clear has to wait for, or takes
    along.
    """

    heard: tuple[Heard, ...]
    coded: Coded
    codes: tuple[str, ...]
    municipalities: int
    sites: int
    down: tuple[str, ...]
    faulty: tuple[str, ...]
    notes: Mapping[str, str]
    rings: str
    changed: tuple[Difference, ...]
    since_before: AreaChange | None
    tracks: tuple[Track, ...] = ()
    advice: tuple[Advised, ...] = ()

    @property
    def advised(self) -> Mapping[str, tuple[str, ...]]:
        """The languages each rule speaks of."""
        rules = dict.fromkeys(one.rule for one in self.advice)
        return {rule: tuple(dict.fromkeys(one.language for one in self.advice if one.rule == rule)) for rule in rules}

    @property
    def together(self) -> Mapping[str, str]:
        """The all-clears that can go out with this one, by their digests; none unless all of them are agreed on."""
        clears = [track.clear for track in self.tracks if track.is_agreed and track.clear]
        return {one.subject: one.digest for one in clears} if len(clears) == len(self.tracks) else {}


RINGS: Mapping[Purpose, str] = {
    Purpose.REAL: "Sirens sound and phones ring at the top level. This is real.",
    Purpose.PUBLIC_TEST: "Sirens and phones sound, labelled as a test before and after.",
    Purpose.EXERCISE: "Sites in the area sound, labelled as an exercise before and after. "
    "Those that hear only the satellite need an announced drill.",
    Purpose.TECHNICAL_TEST: "Nothing people can hear or see. Receivers only log it.",
}

UPDATES: Mapping[Purpose, str] = {
    Purpose.REAL: "Sirens sound where it is graver than before or new; elsewhere the new words are shown without a "
    "sound. This is real.",
    **dict.fromkeys(
        (Purpose.PUBLIC_TEST, Purpose.EXERCISE),
        "Sites sound, labelled before and after, where it is graver than before or new; elsewhere the new words are "
        "shown without a sound.",
    ),
}
"""What an update brings about: a receiver that sounds already only says it better (`receiver/ground`)."""
CLEARS = "Sirens fall silent. Sites that sounded say in words, without a siren, that it is over."
ARMS = "Receivers are armed for a drill; nothing sounds."
OVER = "It is over. Nothing sounds for it any more."


def preview(standing: Standing, views: Views, sites: Mapping[str, object]) -> Preview:
    """What the approval page shows; of what is on the air, or over, what people were told last."""
    alert = standing.said
    codes = spelled_codes(alert)
    inside_of = spelled.within(codes)
    rows = {row.code: row for row in list(views.sites.values())}
    known = dict.fromkeys([*sites, *rows])
    inside = [code for code in known if inside_of(code)]
    enrolled = [rows[code] for code in inside if code in rows]
    read = read_draft(standing.read) if standing.read else standing.alert
    return Preview(
        heard=_all_heard(alert),
        coded=coded(alert),
        codes=codes,
        municipalities=sum(1 for place in gazetteer.municipalities() if inside_of(place.code)),
        sites=len(inside),
        down=tuple(sorted(row.code for row in enrolled if row.known_down)),
        faulty=tuple(sorted(row.code for row in enrolled if row.faults and not row.known_down)),
        notes={row.code: row.note for row in enrolled if row.note},
        rings=_rings(standing),
        changed=differences(read, standing.alert),
        since_before=area_change(read_draft(standing.before), standing.alert) if standing.before else None,
        tracks=_tracks(standing, views),
        advice=_advice(alert) if standing.state in OPEN else (),
    )


def _advice(alert: Alert) -> tuple[Advised, ...]:
    languages = {f"info[{number}]": info.language for number, info in enumerate(alert.infos, 1)}
    return tuple(
        Advised(rule=name, language=languages.get(one.path.partition("/")[0], ""), what=one.what, fix=one.fix)
        for name, rule in ADVICE.items()
        for one in rule(alert)
    )


def _rings(standing: Standing) -> str:
    if standing.state in ENDED:
        return OVER
    if plan_of(standing.said):
        return ARMS
    purpose = rule_of(standing.said).purpose
    if purpose is Purpose.TECHNICAL_TEST or standing.message is Message.FIRST:
        return RINGS[purpose]
    return CLEARS if standing.message is Message.CLEAR else UPDATES[purpose]


def _tracks(standing: Standing, views: Views) -> tuple[Track, ...]:
    ends = standing.message is Message.CLEAR and standing.state in OPEN
    warning = views.warnings.get(standing.follows) if ends else standing
    if warning is None or warning.state not in LIVE:
        return ()
    return tuple(Track(warning=one, clear=_clear_of(one, views)) for one in tracks(warning, views.live()))


def _clear_of(warning: Standing, views: Views) -> Standing | None:
    """The all-clear that has come furthest."""
    found = [one for one in views.following(warning.subject) if one.message is Message.CLEAR]
    return min(found, key=lambda one: one.state is not State.APPROVED, default=None)


def _all_heard(alert: Alert) -> tuple[Heard, ...]:
    """Every language; of a drill plan, which speaks to receivers only, what people read of it."""
    plan = plan_of(alert)
    if plan is None:
        return tuple(_heard(alert, number) for number in range(len(alert.infos)))
    found = []
    for tag in drill_notice.LANGUAGES:
        said = drill_notice.announced(plan, tag, plan.armed_from.tzinfo or UTC)
        lines = (said["description"], said["instruction"])
        text = " ".join((said["headline"], *lines))
        one = Heard(
            language=tag, headline=said["headline"], lines=lines, short=_cut(text, SHORT), long=_cut(text, LONG)
        )
        found.append(one)
    return tuple(found)


def _heard(alert: Alert, number: int) -> Heard:
    info = alert.infos[number]
    tag = info.language.partition("-")[0]
    places = ", ".join(dict.fromkeys(area.description for area in info.areas))
    text = " ".join(
        filter(None, (_label(alert, tag), info.headline or info.event, info.instruction, places, info.description))
    )
    return Heard(
        language=tag,
        headline=info.headline or info.event,
        lines=_lines(alert, number, tag),
        short=_cut(text, SHORT),
        long=_cut(text, LONG),
    )


def _lines(alert: Alert, number: int, tag: str) -> tuple[str, ...]:
    info = alert.infos[number]
    if plan_of(alert) or tag not in tags():
        return tuple(filter(None, (info.description, info.instruction)))
    rule = rule_of(alert)
    (said,) = announce(purpose=rule.purpose, label=rule.label, infos=(info,), instruction=0, languages=(tag,))
    return tuple(dict.fromkeys(said.lines()))


def _label(alert: Alert, tag: str) -> str:
    """What comes first where nothing is real: no text is so short that it could be taken for the real thing."""
    key = "" if plan_of(alert) or tag not in tags() else rule_of(alert).label
    return language(tag).label(key).before if key else ""


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
