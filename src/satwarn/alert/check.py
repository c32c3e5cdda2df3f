"""Everything there is to say about some bytes: schema, rules, profile, advice, expiry. One list of findings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml import etree

from satwarn.alert import cap, seal
from satwarn.alert.advice import ADVICE, Said, left_behind
from satwarn.alert.alert import Alert
from satwarn.alert.cap import Received
from satwarn.alert.chain import has_expired
from satwarn.alert.containers import Contents, unpack
from satwarn.alert.finding import Finding, Grade, Odd
from satwarn.alert.profiles import Profile
from satwarn.alert.reading import HasDoctype, parse
from satwarn.alert.schema import DSIG
from satwarn.errors import BadMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in one file. `kind` is what it was ("alert", "atom", ...)."""

    kind: str
    received: tuple[Received, ...]
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Whether no rule is broken; advice, warnings and notes do not count."""
        return all(finding.severity is not Grade.ERROR for finding in self.findings)


def check(data: bytes, *, profile: Profile | None = None, now: datetime | None = None) -> Checked:
    """Check a file of one alert or many; raises BadMessage only for what cannot be read at all."""
    try:
        contents = unpack(data)
    except HasDoctype as refused:
        return _refused("doctype", refused)
    except BadMessage:
        if (stranger := _alert_of_nobody(data)) is None:
            raise
        return _refused("schema", stranger)
    findings = tuple(
        finding for received in contents.received for finding in _of_one(received, contents, profile=profile, now=now)
    )
    return Checked(
        kind=contents.kind, received=contents.received, findings=findings or tuple(_nothing_inside(contents))
    )


def _refused(rule: str, why: BadMessage) -> Checked:
    finding = Finding(rule=rule, path="/", severity=Grade.ERROR, what=why.what, fix=why.fix, line=1, column=1)
    return Checked(kind="alert", received=(), findings=(finding,))


def _alert_of_nobody(data: bytes) -> BadMessage | None:
    """An `alert` in a namespace that is none of CAP's is a broken alert, not something else."""
    try:
        root = parse(data)
    except BadMessage:
        return None
    name = etree.QName(root)
    if name.localname != "alert":
        return None
    return BadMessage(
        f"the namespace {name.namespace or '(none)'} is none of CAP's", fix="urn:oasis:names:tc:emergency:cap:1.2"
    )


def _nothing_inside(contents: Contents) -> Iterator[Finding]:
    if not contents.received:
        yield Finding(rule="no-alert", path="/", severity=Grade.NOTE, what=f"no CAP alert inside this {contents.kind}")


def _of_one(
    received: Received, contents: Contents, *, profile: Profile | None, now: datetime | None
) -> Iterator[Finding]:
    if contents.kind == "json":  # no CAP file: what the rules of CAP say about it are remarks
        yield from (replace(finding, severity=Grade.NOTE) for finding in received.findings)
    else:
        yield from cap.schema_findings(received.root, received.version, received.where)
        yield from received.findings
    if contents.kind == "alert":
        yield from _signatures(received, now)
    if received.value is not None:
        yield from _on_values(received, received.value, profile, now)


def _signatures(received: Received, now: datetime | None) -> Iterator[Finding]:
    """What each signature is worth to somebody who has pinned nothing; it never makes a message invalid."""
    nodes = list(received.root.iter(f"{{{DSIG}}}Signature"))
    at = now or (received.value.sent if received.value else datetime.min.replace(tzinfo=UTC))
    for node in nodes:
        judged = seal.judge(node, received.root, (), at)
        grade = Grade.WARNING if judged.verdict is seal.Verdict.BROKEN else Grade.NOTE
        yield received.where.finding(node, Odd("signature", f"{judged.verdict}: {judged.why}"), grade)


def _on_values(received: Received, alert: Alert, profile: Profile | None, now: datetime | None) -> Iterator[Finding]:
    said: list[tuple[str, Grade, Said]] = []
    if profile is not None:
        for grade, rules in ((Grade.ERROR, profile.demands), (Grade.WARNING, profile.wishes)):
            said += [(f"{profile.name}-{name}", grade, one) for name, rule in rules.items() for one in rule(alert)]
    said += [(name, Grade.ADVICE, one) for name, rule in ADVICE.items() for one in rule(alert)]
    if now is not None and has_expired(alert, now=now):
        said.append(("expired", Grade.NOTE, Said("info[1]/expires", "it has expired")))
    yield from _placed(received, said)


def _placed(received: Received, said: Iterable[tuple[str, Grade, Said]]) -> Iterator[Finding]:
    for rule, grade, one in said:
        yield received.where.finding(_at(received.root, one.path), Odd(rule, one.what, fix=one.fix), grade)


def _at(root: "etree._Element", path: str) -> "etree._Element":
    """The element a path leads to, or the last one on the way that there is."""
    here = root
    for step in path.split("/"):
        name, _, number = step.rstrip("]").partition("[")
        found = here.findall(f"{{*}}{name}")
        at = int(number or 1) - 1
        if at >= len(found):
            return here
        here = found[at]
    return here


def compare(before: Received, after: Received) -> list[Finding]:
    """What is said only when a message is seen beside the one it updates."""
    if before.value is None or after.value is None:
        return []
    said = left_behind(before.value, after.value)
    return list(_placed(after, (("advice-left-behind", Grade.ADVICE, one) for one in said)))
