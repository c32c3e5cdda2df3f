"""Build the crosswalks of `src/satwarn/receiver/tables/` that tell which region of a JMA report a place lies in.

Input: the `crosswalk_*.csv` of the reference folder (their origins are in the columns `source`).
Run: python tools/receiver_tables.py --reference ../shared/reference
"""

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/satwarn/receiver/tables"
JMA = "JMA code tables 2024, area.json 2025-03 (Public Data License 1.0), IS-QZSS-DCR-017"


def rows(reference: Path, name: str) -> Iterable[dict[str, str]]:
    with (reference / "tables" / f"crosswalk_{name}.csv").open(newline="") as file:
        yield from csv.DictReader(file)


def write(name: str, header: list[str], lines: Iterable[list[str]]) -> None:
    with (OUT / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header, "source"])
        writer.writerows([*line, JMA] for line in lines)


def words(*parts: str) -> str:
    return " ".join(sorted(set(" ".join(parts).split())))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reference", type=Path, default=Path("../shared/reference"))
    reference = arguments.parse_args().reference

    write(
        "jma_places",
        ["code", "eew_region", "tsunami_regions", "weather_regions", "flood_regions", "local_government"],
        (
            [
                row["jisx0402"],
                row["dcr_eew_local"],
                words(row["tsunami_regions"], row["tsunami_composite_regions"]),
                words(row["dcr_weather_regions"]),
                words(row["flood_regions"]),
                row["dcr_local_government"],
            ]
            for row in rows(reference, "municipality")
        ),
    )
    write(
        "jma_eew_regions",
        ["code", "members"],
        ([row["dcr_code"], row["local_members"]] for row in rows(reference, "eew_region") if row["kind"] == "regional"),
    )
    write(
        "jma_other_rivers",
        ["code", "prefectures"],
        ([row["dcr_code"], row["prefectures"]] for row in rows(reference, "flood_region") if not row["municipalities"]),
    )
    write(
        "jma_coasts",
        ["code", "prefectures"],
        ([row["dcr_code"], words(row["prefectures"])] for row in rows(reference, "tsunami_region")),
    )
    write(
        "jma_volcanoes",
        ["code", "name", "municipalities_within_10km"],
        (
            [row["dcr_code"], row["name"], words(row["municipalities_within_10km"])]
            for row in rows(reference, "volcano")
        ),
    )


if __name__ == "__main__":
    main()
