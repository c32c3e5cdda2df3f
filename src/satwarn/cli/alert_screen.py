"""What a person, a script or a scanner sees of alerts: text, JSON, SARIF, and a page."""

import html
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import typer

from satwarn import __version__
from satwarn.alert.alert import Alert, Info, Status
from satwarn.alert.check import Checked
from satwarn.alert.finding import Finding, Grade
from satwarn.alert.rules import REGISTER
from satwarn.errors import BadMessage
from satwarn.people.language import Label, language, tags

if TYPE_CHECKING:
    from satwarn.alert.differ import Difference
    from satwarn.alert.seal import Sealed

Result = Checked | BadMessage
_SYMBOL = {Grade.ERROR: "✕", Grade.WARNING: "◐", Grade.ADVICE: "○", Grade.NOTE: "○"}
_LEVEL = {Grade.ERROR: "error", Grade.WARNING: "warning", Grade.ADVICE: "note", Grade.NOTE: "note"}


def _json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def show_check(results: Sequence[tuple[str, Result]], form: str) -> None:
    """What was found in each file, as text, JSON or SARIF."""
    if form == "sarif":
        _json(_sarif(results))
    elif form == "json":
        _json([_checked(file, result) for file, result in results])
    else:
        for file, result in results:
            typer.echo(_text(file, result))


def _text(file: str, result: Result) -> str:
    if isinstance(result, BadMessage):
        return f"✕ {file}: cannot be read: {result}"
    count = len(result.received)
    what = f"{result.kind}, {count} alert{'' if count == 1 else 's'}"
    lines = [f"{'●' if result.is_valid else '✕'} {file}: {'valid' if result.is_valid else 'not valid'} ({what})"]
    lines += [
        f"  {_SYMBOL[finding.severity]} {finding.severity.value}: {_said(finding)}" for finding in result.findings
    ]
    return "\n".join(lines)


def _said(finding: Finding) -> str:
    return f"{finding}" + (f"\n      mend: {finding.fix}" if finding.fix else "")


def _checked(file: str, result: Result) -> dict[str, object]:
    if isinstance(result, BadMessage):
        return {"file": file, "readable": False, "valid": False, "why": str(result), "findings": []}
    return {
        "file": file,
        "readable": True,
        "valid": result.is_valid,
        "kind": result.kind,
        "alerts": [_known_as(one.value) for one in result.received],
        "findings": [asdict(finding) for finding in result.findings],
    }


def _known_as(alert: Alert | None) -> dict[str, str] | None:
    if alert is None:
        return None
    return {"sender": alert.sender, "identifier": alert.identifier, "sent": alert.sent.isoformat()}


def _sarif(results: Iterable[tuple[str, Result]]) -> dict[str, object]:
    """SARIF 2.1.0: one run, every rule that spoke, one result a finding."""
    found = [(file, finding) for file, result in results for finding in _findings(result)]
    driver = {
        "name": "satwarn",
        "version": __version__,
        "rules": [_sarif_rule(rule) for rule in dict.fromkeys(finding.rule for _, finding in found)],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_sarif_result(file, finding) for file, finding in found]}],
    }


def _findings(result: Result) -> tuple[Finding, ...]:
    if isinstance(result, BadMessage):
        return (Finding(rule="unreadable", path="/", severity=Grade.ERROR, what=str(result), line=1, column=1),)
    return result.findings


def _sarif_rule(rule: str) -> dict[str, object]:
    says = REGISTER[rule].says if rule in REGISTER else rule.replace("-", " ")
    return {"id": rule, "shortDescription": {"text": says}}


def _sarif_result(file: str, finding: Finding) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": quote(Path(file).as_posix())}}
    if finding.line:
        place["region"] = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.rule,
        "level": _LEVEL[finding.severity],
        "message": {"text": finding.what + (f" Mend: {finding.fix}" if finding.fix else "")},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": finding.path}]}],
    }


def show_verdicts(judged: Sequence[tuple[str, "Sealed"]], *, as_json: bool) -> None:
    """What each signature is worth."""
    if as_json:
        _json(
            [
                {
                    "file": file,
                    "verdict": s.verdict,
                    "signer": s.signer,
                    "signatures": [asdict(one) for one in s.signatures],
                }
                for file, s in judged
            ]
        )
        return
    for file, sealed in judged:
        typer.echo(f"{'●' if sealed.verdict == 'trusted' else '✕'} {file}: {sealed.verdict}")
        for one in sealed.signatures:
            said = ", ".join(filter(None, (one.verdict.value, one.signer, one.why)))
            typer.echo(f"  {said}")


def show_differences(found: Sequence["Difference"], remarks: Sequence[Finding], *, as_json: bool) -> None:
    """What differs, and which languages were left behind."""
    if as_json:
        _json({"differences": [asdict(one) for one in found], "findings": [asdict(one) for one in remarks]})
        return
    for one in found:
        typer.echo(f"{one.path}\n  - {one.before}\n  + {one.after}")
    for remark in remarks:
        typer.echo(f"○ {_said(remark)}")
    if not found:
        typer.echo("● the same in meaning")


_LABEL_KEY = {
    Status.EXERCISE: "exercise",
    Status.TEST: "public-test",
    Status.SYSTEM: "technical-test",
    Status.DRAFT: "technical-test",
}
_NAMES = {"do": "guidance", "where": "area", "when": "onset", "sender": "provider"}
"""Our lines, and under which name the languages keep their word for it."""


def _tag(info_language: str) -> str:
    """The language we have words in: the info's own, or else English."""
    tag = info_language[:2].lower()
    return tag if tag in tags() else "en"


def _label(alert: Alert, tag: str) -> Label | None:
    """The words before and after everything that is not real."""
    key = _LABEL_KEY.get(alert.status)
    return language(tag).label(key) if key else None


def _when(start: datetime, end: datetime | None) -> str:
    """A span of time as people read it, in the sender's own offset."""
    until = "" if end is None else f" – {end.astimezone(start.tzinfo):%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}{until} ({start.tzname()})"


def _shown(alert: Alert, info: Info) -> dict[str, object]:
    """What people see of one language, in the order they see it."""
    label = _label(alert, _tag(info.language))
    start = info.onset or info.effective or alert.sent
    return {
        "language": info.language,
        "label_before": label.before if label else "",
        "headline": info.headline or info.event,
        "event": info.event,
        "what": info.description,
        "do": info.instruction,
        "where": list(dict.fromkeys(area.description for area in info.areas)),
        "when": _when(start, info.expires),
        "from": start.isoformat(),
        "until": info.expires.isoformat() if info.expires else "",
        "severity": info.severity.value,
        "urgency": info.urgency.value,
        "certainty": info.certainty.value,
        "sender": info.sender_name or alert.sender,
        "more": info.web,
        "contact": info.contact,
        "label_after": label.after if label else "",
    }


def show_alert(alert: Alert, only: str | None, form: str) -> None:
    """The alert as people will see it, per language, as text, JSON or a page."""
    infos = [info for info in alert.infos if only is None or info.language.lower().startswith(only.lower())]
    shown = [_shown(alert, info) for info in infos]
    if form == "json":
        _json({"status": alert.status, "msgType": alert.msg_type, "languages": shown})
    elif form == "html":
        typer.echo(_page(alert, shown))
    else:
        said = (_paragraph(alert, one) for one in shown)
        typer.echo("\n\n".join(said) or f"{alert.msg_type}: nothing is said to people")


def _value(one: dict[str, object], key: str) -> str:
    value = one[key]
    return ", ".join(value) if isinstance(value, list) else str(value)


def _named(one: dict[str, object]) -> list[tuple[str, str]]:
    """The lines between headline and end: what (without a name), what to do, where, when, by whom."""
    names = language(_tag(_value(one, "language"))).words["report"]["label"]
    lines = [("", _value(one, "what"))]
    lines += [(names[name], _value(one, key)) for key, name in _NAMES.items()]
    return [(name, text) for name, text in (*lines, ("", _value(one, "more"))) if text]


def _paragraph(alert: Alert, one: dict[str, object]) -> str:
    head = [f"[{one['language']}] {alert.status.value} {alert.msg_type.value}, {one['severity']}"]
    head += [_value(one, "label_before"), _value(one, "headline")]
    lines = [f"{name}: {text}" if name else text for name, text in _named(one)]
    return "\n".join(line for line in (*head, *lines, _value(one, "label_after")) if line)


def _page(alert: Alert, shown: Sequence[dict[str, object]]) -> str:
    world = "live" if alert.status is Status.ACTUAL else "exercise"
    title = _value(shown[0], "headline") if shown else alert.identifier
    return _PAGE.format(title=html.escape(title), world=world, articles="\n".join(map(_article, shown)))


def _article(one: dict[str, object]) -> str:
    def part(start: str, text: str, end: str) -> str:
        return start + html.escape(text).replace("\n", "<br>") + end if text else ""

    parts = [
        part('<p class="label">', _value(one, "label_before"), "</p>"),
        part("<h1>", _value(one, "headline"), "</h1>"),
        *(part(f"<p>{f'<b>{html.escape(name)}</b> ' if name else ''}", text, "</p>") for name, text in _named(one)),
        part('<p class="label">', _value(one, "label_after"), "</p>"),
    ]
    return f'<article lang="{html.escape(_value(one, "language"))}">{"".join(parts)}</article>'


_PAGE = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #16191d; --paper: #fff; --live: #8c1d18; --exercise: #1f4e9c; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #eceef1; --paper: #14171b; --live: #ff8f85; --exercise: #8fb8ff; }}
}}
body {{ font: 17px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0; }}
article {{ max-width: 68ch; margin: 32px auto; padding: 0 16px 0 24px; border-left: 8px solid var(--{world}); }}
h1 {{ font-size: 30px; line-height: 1.2; margin: 8px 0; }}
.label {{ color: var(--{world}); font-weight: 600; }}
</style>
{articles}"""
