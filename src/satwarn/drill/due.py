"""What is due: who must sound and who must stay silent, before anything happens."""

from dataclasses import dataclass
from enum import StrEnum

from satwarn.area import gazetteer
from satwarn.area.gazetteer import Place
from satwarn.drill.scenario import Scenario
from satwarn.ledger.receipt import Act


class Kind(StrEnum):
    """What sort of place a site stands in."""

    MUNICIPALITY = "municipality"
    OFFICE = "prefectural office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One site and what it owes the drill: `act`, and with SOUNDED a proof from each of its `outputs`."""

    code: str
    kind: Kind
    name_ja: str
    name_en: str
    prefecture: str
    latitude_deg: float
    longitude_deg: float
    act: Act
    outputs: tuple[str, ...]


OUTPUTS = {Kind.MUNICIPALITY: ("speaker", "screen", "mail", "relay"), Kind.OFFICE: ("screen", "mail")}


def due_sites(scenario: Scenario) -> tuple[Due, ...]:
    """Who is due to sound: all of the scope, with its offices; who is due to stay silent: one place elsewhere each."""
    scope = set(scenario.prefectures)
    sites: list[Due] = []
    for prefecture in gazetteer.prefectures():
        places = gazetteer.municipalities(prefecture.code)
        if prefecture.code in scope:
            sites.append(_office(prefecture))
            sites += (_due(place, Act.SOUNDED) for place in places)
        else:
            sites.append(_due(places[0], Act.SILENT))
    return tuple(sites)


def _office(prefecture: Place) -> Due:
    return Due(
        code=f"{prefecture.code}000",
        kind=Kind.OFFICE,
        name_ja=f"{prefecture.names['ja']}庁",
        name_en=f"{prefecture.names['en']} Office",
        prefecture=prefecture.code,
        latitude_deg=prefecture.latitude_deg,
        longitude_deg=prefecture.longitude_deg,
        act=Act.SOUNDED,
        outputs=OUTPUTS[Kind.OFFICE],
    )


def _due(place: Place, act: Act) -> Due:
    return Due(
        code=place.code,
        kind=Kind.MUNICIPALITY,
        name_ja=place.names["ja"],
        name_en=place.names["en"],
        prefecture=place.prefecture,
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        act=act,
        outputs=OUTPUTS[Kind.MUNICIPALITY],
    )
