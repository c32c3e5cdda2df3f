"""What the area commands share with files: the operator's own layers, shapes in a file, pictures."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from satwarn.errors import BadArea, BadMessage, Missing

_FONT = "DejaVu Sans"  # where it is not installed, any other serves

if TYPE_CHECKING:
    from satwarn.area.atlas import Atlas
    from satwarn.area.chart import Chart
    from satwarn.area.imported import Feature
    from satwarn.area.layer import ShapeLayer
    from satwarn.area.shape import Shape


def folder() -> Path:
    """Where imported boundaries are kept: $SATWARN_AREAS, else the user's data folder."""
    if own := os.environ.get("SATWARN_AREAS"):
        return Path(own)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "satwarn" / "areas"


def load() -> "Atlas":
    """The shipped atlas, with the operator's imported layers in place of the built-in ones."""
    from satwarn.area.atlas import shipped_atlas
    from satwarn.area.imported import read_layer

    atlas = shipped_atlas()
    for file in sorted(folder().glob("*.json")) if folder().is_dir() else ():
        try:
            atlas = atlas.with_layers([read_layer(file.read_text(encoding="utf-8"))])
        except BadArea as error:
            raise BadArea(error.what, where=str(file), fix=error.fix) from None
    return atlas


def keep(layer: "ShapeLayer") -> Path:
    """Keep an imported layer for every later command; it replaces the one of its scheme and level whole."""
    from satwarn.area.imported import write_layer

    folder().mkdir(parents=True, exist_ok=True)
    file = folder() / f"{layer.scheme}-{layer.level}.json".replace(" ", "-").replace("/", "-")
    fresh = file.with_suffix(".new")
    fresh.write_text(write_layer(layer), encoding="utf-8")
    fresh.replace(file)
    return file


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Missing(f"cannot read {file}: {error.strerror}", fix="a file that is there") from None


def read_features(file: Path, *, encoding: str = "") -> "list[Feature]":
    """The polygons and fields of an operator's file. Raises BadArea naming the file."""
    from satwarn.area.imported import read_geojson, read_shapefile

    try:
        if file.suffix.lower() != ".shp":
            return read_geojson(_bytes(file))
        beside = {kind: file.with_suffix(kind) for kind in (".dbf", ".prj", ".cpg")}
        projection, told = (
            beside[kind].read_text(encoding="latin-1").strip() if beside[kind].exists() else ""
            for kind in (".prj", ".cpg")
        )
        return read_shapefile(_bytes(file), _bytes(beside[".dbf"]), projection=projection, encoding=encoding or told)
    except BadArea as error:
        raise BadArea(error.what, where=str(file), fix=error.fix) from None


def read_shapes(file: Path) -> "tuple[Shape, ...]":
    """The shapes in a file: of a CAP alert, else of GeoJSON, TopoJSON or a Shapefile."""
    from satwarn.area.flat import shapes_of

    if file.suffix.lower() in (".xml", ".cap") or (file.is_file() and _bytes(file).lstrip()[:1] == b"<"):
        return _alert_shapes(file)
    found = tuple(shape for ground, _ in read_features(file) for shape in shapes_of(ground))
    if not found:
        raise BadArea("holds no polygon", where=str(file), fix="a file with at least one polygon")
    return found


def _alert_shapes(file: Path) -> "tuple[Shape, ...]":
    """The shapes of a CAP alert, and the outlines of its codes where an area has no shape."""
    from satwarn.alert import cap

    try:
        atlas, alert = load(), cap.read(_bytes(file)).alert
    except BadMessage as error:
        raise BadMessage(error.what, where=f"{file}, {error.where}", fix=error.fix) from None
    found: list[Shape] = []
    for info in alert.infos:
        for area in info.areas:
            drawn: list[Shape] = [*area.polygons, *area.circles]
            for code in area.geocodes if not drawn else ():
                drawn += atlas.outline_of(code.value_name, code.value)
            found += drawn
    if not found:
        raise BadArea("its areas have no shape and no code with one", where=str(file), fix="satwarn area find NAME")
    return tuple(dict.fromkeys(found))


def shapes_asked(atlas: "Atlas", asked: Sequence[str]) -> "tuple[Shape, ...]":
    """The shapes of one file, or of codes (of any scheme) or names. Raises BadArea for what is neither."""
    if len(asked) == 1 and (Path(asked[0]).suffix or Path(asked[0]).is_file()):
        return read_shapes(Path(asked[0]))
    return tuple(shape for one in asked for shape in atlas.outline_asked(one))


def chart_of(atlas: "Atlas", asked: Sequence[str], title: str) -> "Chart":
    """A map of what was asked, among the units of its countries."""
    from satwarn.area.atlas import around
    from satwarn.area.chart import Chart
    from satwarn.area.flat import flat

    ground = flat(*shapes_asked(atlas, asked))
    return Chart(
        title=title or " ".join(asked),
        view=ground,
        drawn=(*around(atlas, ground), ("area", ground)),
        source="Shapes: Natural Earth; Korea: NGII",
    )


def save_picture(chart: "Chart", out: Path) -> None:
    """Write the chart as SVG or, by its name, as PNG. Raises Missing for another kind."""
    from satwarn.area.chart import draw

    match out.suffix.lower():
        case ".svg":
            out.write_text(draw(chart), encoding="utf-8")
        case ".png":
            import resvg_py

            out.write_bytes(
                resvg_py.svg_to_bytes(
                    svg_string=draw(chart, dark=False), zoom=2, font_family=_FONT, sans_serif_family=_FONT
                )
            )
        case other:
            raise Missing(f"cannot draw a {other or 'file without a kind'}", fix="a name ending in .svg or .png")
