"""report.html: one file that asks for nothing, tells everything, and shows foreign text as text."""

import csv
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from statistics import median
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satwarn.app.page import page_of
from satwarn.drill.outcome import Failure
from satwarn.drill.page_delays import axis, timeline
from satwarn.drill.page_facts import mark_of, parts, whole
from satwarn.ledger.receipt import Cause, Path

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=https://evil.example/x onerror=alert(1)>',
    "</title></style></svg><b>bold</b>",
    "{{ 7*7 }}{% raw %}",
    "<!-- ' --> & &amp; ]]> \u202e txet",
    "javascript:alert(1)",
]


class Reader(HTMLParser):
    """What a page consists of: tags with the names of their attributes, values of attributes, and text by tag."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.values, self.texts, self._open = Counter(), [], [], []
        self.feed(page)
        self.close()
        assert self._open == [], "every tag is closed"

    def handle_starttag(self, tag, attributes):
        self.tags[tag, tuple(name for name, _ in attributes)] += 1
        self.values += [(tag, name, value or "") for name, value in attributes]
        if tag not in ("meta", "br") and not self.get_starttag_text().endswith("/>"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_data(self, data):
        self.texts.append((self._open[-1] if self._open else "", data))

    def text(self, *tags):
        return " ".join(data for tag, data in self.texts if (tag in tags if tags else tag != "style"))

    def count(self, text):
        """How often it is shown; not in the sentence, which cuts what follows a colon."""
        return sum(data.count(text) for tag, data in self.texts if tag != "h1")


@pytest.fixture(scope="module")
def pages(clean, the_day):
    return {name: page_of(one.report, one.alert) for name, one in (("clean", clean), ("the day", the_day))}


@pytest.fixture(scope="module", params=["clean", "the day"])
def read(request, pages):
    return Reader(pages[request.param])


# ── one file ────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_what_the_drill_wrote(the_day, pages):
    assert (the_day.out / "report.html").read_text(encoding="utf-8") == pages["the day"]


def test_it_asks_for_nothing(read):
    addresses = [value for _, name, value in read.values if name in ("href", "src", "srcset", "xlink:href", "action")]
    assert addresses
    assert [address for address in addresses if not address.startswith("#")] == []
    styles = " ".join(data for tag, data in read.texts if tag == "style")
    assert not [word for word in ("url(", "@import", "http", "//") if word in styles]
    foreign = {"script", "img", "link", "iframe", "object", "embed", "base", "form", "image"}
    assert not {tag for tag, _ in read.tags} & foreign
    assert not [name for _, name, _ in read.values if name.startswith("on")]


def test_every_reference_leads_somewhere(read):
    names = [value for _, name, value in read.values if name == "id"]
    assert len(set(names)) == len(names)
    wanted = {urlsplit(value).fragment for _, name, value in read.values if name == "href"}
    assert wanted <= set(names)


@pytest.mark.parametrize("name", ["clean", "the day"])
def test_it_is_small(pages, name):
    assert len(pages[name].encode()) < 400_000


def test_it_is_small_even_when_everything_failed(clean):
    nothing = replace(clean.report, outcomes=tuple(map(unheard, clean.report.outcomes)))
    page = page_of(nothing, clean.alert)
    assert len(page.encode()) < 400_000
    assert "nothing to draw" in page


def unheard(outcome):
    due = outcome.due
    failure = Failure(
        code=due.code, name_en=due.name_en, name_ja=due.name_ja, output="receiver",
        what="heard nothing on any path", cause=Cause.PATH, next_step="check the antenna and the line" * 3,
    )  # fmt: skip
    return replace(outcome, receipt=None, delay_s=None, failures=(failure,))


# ── it tells everything ─────────────────────────────────────────────────────────────────────────────


def test_the_sentence_comes_first(the_day, pages):
    page = Reader(pages["the day"])
    assert page.text("h1").strip() == the_day.report.sentence()
    assert pages["the day"].index("<h1") < pages["the day"].index('<figure class="map') < pages["the day"].index("<tab")


def test_marks_on_the_map_are_the_outcomes(the_day, pages):
    country = pages["the day"].split('<figure class="map country">')[1].split("</figure>")[0]
    drawn = Counter(mark for tag, name, mark in Reader(country).values if tag == "use" and name == "class")
    assert drawn == Counter(map(mark_of, the_day.report.outcomes))
    assert drawn == {"proven": 207, "failed": 4, "silent": 38}


def test_unproven_is_told_from_proven_and_failed(clean, the_day):
    def hoped(outcome):
        failures = tuple(replace(failure, cause=Cause.UNPROVEN) for failure in outcome.failures)
        return replace(outcome, failures=failures)

    outcomes = tuple(map(hoped, the_day.report.outcomes))
    assert Counter(map(mark_of, outcomes)) == {"proven": 207, "unproven": 4, "silent": 38}
    page = page_of(replace(the_day.report, outcomes=outcomes), the_day.alert)
    assert page.count('href="#m-unproven"') == 8  # on both maps
    assert 'href="#m-failed"' not in page


def test_failures_are_told_with_cause_and_next_step(the_day, pages):
    text = Reader(pages["the day"]).text()
    for failure in the_day.report.failures:
        for words in (failure.name_en, failure.name_ja, failure.code, failure.what, failure.cause, failure.next_step):
            assert words in text
    for fault in the_day.report.happened.faults_set:
        assert fault in text


def test_every_site_is_in_the_table(clean, pages):
    text = Reader(pages["clean"]).text("small")
    assert all(outcome.due.code in text for outcome in clean.report.outcomes)


def test_rows_add_up_and_agree_with_the_receipts(clean):
    outcomes = clean.report.outcomes
    rows = parts(outcomes, clean.report.scenario.prefectures)
    assert sum(row.sites for row in rows) == whole(outcomes).sites == 249
    assert sum((Counter(row.marks) for row in rows), Counter()) == whole(outcomes).marks
    with (clean.out / "receipts.csv").open(encoding="utf-8") as file:
        kept = [row for row in csv.DictReader(file) if row["prefecture"] == "32" and row["delay_s"]]
    shimane = next(row for row in rows if row.code == "32")
    assert shimane.sites == len(kept)
    assert shimane.median_s == pytest.approx(median(float(row["delay_s"]) for row in kept), abs=5e-4)
    assert shimane.worst_s == pytest.approx(max(float(row["delay_s"]) for row in kept), abs=5e-4)


def test_times_are_local_with_utc_in_the_title(read):
    moments = [value for tag, name, value in read.values if tag == "time" and name == "title"]
    assert "2017-08-18 02:00:00 UTC" in moments
    assert "11:00:00" in read.text("time")
    assert "UTC+09:00" in read.text()


def test_the_alert_is_told_in_every_language_with_its_labels(clean, pages):
    page = Reader(pages["clean"])
    assert {value for tag, name, value in page.values if tag == "article" and name == "lang"} == {
        "ja",
        "en",
        "de",
        "ko",
    }
    for info in clean.alert.infos:
        for words in (info.headline, info.description, info.instruction):
            assert words in page.text()
    for label in ("これは訓練です。", "This is an exercise.", "Dies ist eine Übung.", "이것은 훈련입니다."):
        assert label in page.text("p")


def test_the_seal_is_told_with_the_way_to_check_it(clean, pages):
    text = Reader(pages["clean"]).text()
    assert clean.report.happened.ledger_seal in text.replace(" ", "")
    assert "satwarn ledger verify ledger.db" in text
    assert all(line in text for line in clean.report.scenario.simulated)


def test_the_exercise_is_marked_first_and_last(pages):
    body = pages["clean"].split("<body>")[1]
    words = [Reader(f"<div>{part.split('</div>')[0]}</div>").text() for part in body.split('<div class="band">')[1:]]
    assert len(words) == 2
    assert all(word in band for band in words for word in ("EXERCISE", "訓練", "ÜBUNG", "훈련"))


# ── how soon ────────────────────────────────────────────────────────────────────────────────────────


@given(st.floats(0, 1e5))
def test_an_axis_holds_the_worst_in_few_round_steps(worst):
    end, step = axis(worst)
    assert end >= worst * (1 - 1e-9)
    assert 1 <= round(end / step) <= 6
    assert end == pytest.approx(step * round(end / step))


def test_small_multiples_share_one_axis_and_mark_median_and_worst(clean):
    drawn = timeline(clean.report)
    assert [row.name for row in drawn.rows] == ["Satellite (simulated)", "Ground (simulated)", "Site begins to warn"]
    assert drawn.ticks[0] == (0, "0")
    assert drawn.ticks[-1][0] == 100
    end = float(drawn.ticks[-1][1].removesuffix(" s"))
    figures = clean.report.to_json()["delays"]
    for row, path in zip(drawn.rows, ("gnss", "ground"), strict=False):
        middle, worst = row.pins
        assert middle.text == f"median {figures[path]['median_s']:.3f} s"
        assert worst.text == f"worst {figures[path]['worst_s']:.3f} s"
        assert worst.x == pytest.approx(100 * figures[path]["worst_s"] / end, abs=0.05)
        assert max(bar.height for bar in row.bars) == 100


def test_a_closed_path_says_so(clean):
    closed = replace(clean.report, happened=replace(clean.report.happened, paths=frozenset({Path.GNSS})))
    ground = timeline(closed).rows[1]
    assert ground.note == "closed in this drill"
    assert not ground.bars


# ── foreign text stays text ─────────────────────────────────────────────────────────────────────────


def spoken(drilled, text):
    """The page of a drill in which every word that can come from elsewhere is `text`."""
    report, alert = drilled.report, drilled.alert
    infos = tuple(
        replace(info, event=text, headline=text, description=text, instruction=text, areas=named(info.areas, text))
        for info in alert.infos
    )
    happened = replace(
        report.happened,
        identifier=text,
        remarks=(text,),
        faults=[{"at": "2017-08-18T11:00:00+09:00", "code": text, "fault": text, "what": text}],
        deeds=[{**deed, "actor": text, "subject": text} for deed in report.happened.deeds],
    )
    failures = tuple(
        replace(outcome, failures=tuple(replace(one, what=text, next_step=text) for one in outcome.failures))
        for outcome in report.outcomes
    )
    scenario = replace(report.scenario, title={"en": text, "ja": text}, simulated=(text,))
    return page_of(
        replace(report, happened=happened, outcomes=failures, scenario=scenario), replace(alert, infos=infos)
    )


def named(areas, text):
    return tuple(replace(area, description=text) for area in areas)


@pytest.fixture(scope="module")
def harmless(the_day):
    return Reader(spoken(the_day, "harmless"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(the_day, harmless, text):
    page = Reader(spoken(the_day, text))
    assert page.tags == harmless.tags
    assert page.count(text) == harmless.count("harmless") > 20
    addresses = [value for _, name, value in page.values if name in ("href", "src")]
    assert all(address.startswith("#") for address in addresses)


@settings(max_examples=8)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_text_leaves_the_page_as_it_is(the_day, harmless, text):
    assert Reader(spoken(the_day, text)).tags == harmless.tags
