"""satwarn area: find places, ask what lies where, fit shapes to what a satellite carries, draw maps."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from satwarn.area.place import Place

app = typer.Typer(name="area", help="Places, codes and shapes.", no_args_is_help=True)
_Json = Annotated[bool, typer.Option("--json", help="Everything as JSON on stdout.")]
_Asked = Annotated[
    list[str], typer.Argument(metavar="CODE…|FILE", help="Codes or names (31 34100 DE-BY JP-31), or a file.")
]


def _say_json(found: object) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _place(one: "Place") -> dict[str, Any]:
    """A place as JSON."""
    known = one.latitude_deg == one.latitude_deg  # nan where none is known
    return {
        "scheme": one.scheme,
        "code": one.code,
        "kind": one.kind,
        "names": dict(one.names),
        "parent": one.parent,
        "latitude_deg": round(one.latitude_deg, 4) if known else None,
        "longitude_deg": round(one.longitude_deg, 4) if known else None,
        "also": list(one.also),
        "until": one.until,
        "followed_by": list(one.followed_by),
    }


def _line(one: "Place", *more: str) -> str:
    """A place on one line: scheme, code, its names, and what else there is to say."""
    names = "  ".join(
        dict.fromkeys(one.names[language] for language in ("ja", "ko", "de", "en") if language in one.names)
    )
    gone = f"  (until {one.until}, then {' '.join(one.followed_by)})" if one.until else ""
    return f"{one.scheme:<10} {one.code:<8} {'  '.join((*more, names))}{gone}"


@app.command()
def find(
    name: Annotated[str, typer.Argument(help="A name in any language and spelling, or a code.")],
    as_json: _Json = False,
) -> None:
    """Find places by name.

    Examples:  satwarn area find Yonago   |   satwarn area find 米子   |   satwarn area find muenchen
    """
    from satwarn.area.search import find as search
    from satwarn.area.search import like

    found = search(name)
    if as_json:
        _say_json(
            {"name": name, "places": [_place(one) for one in found], "like": list(like(name)) if not found else []}
        )
    elif found:
        typer.echo("\n".join(_line(one) for one in found))
    else:
        near = ", ".join(like(name))
        typer.echo(f"No place is called {name!r}." + (f" Spelled like it: {near}." if near else ""), err=True)
    raise typer.Exit(0 if found else 1)


@app.command(context_settings={"ignore_unknown_options": True})
def at(
    latitude: Annotated[
        float, typer.Argument(metavar="LAT", min=-90, max=90, help="Degrees, north positive; -33.9 is understood.")
    ],
    longitude: Annotated[float, typer.Argument(metavar="LON", min=-180, max=180, help="Degrees, east positive.")],
    as_json: _Json = False,
) -> None:
    """Say what lies at a point: code and names at every level.

    Examples:  satwarn area at 35.43 133.33   |   satwarn area at 48.14 11.58   |   satwarn area at -33.9 151.2
    """
    from satwarn.cli.area_files import load

    atlas = load()
    found = atlas.at(latitude, longitude)
    made_of = {layer.scheme: layer.made_of for layer in atlas.layers}
    if as_json:
        places = [_place(atlas.named(*code)) | {"made_of": made_of.get(code[0], "table")} for code in found]
        _say_json({"latitude_deg": latitude, "longitude_deg": longitude, "places": places})
    elif found:
        for code in found:
            typer.echo(_line(atlas.named(*code)))
        if any(made_of.get(scheme) == "1 km raster" for scheme, _ in found):
            typer.echo("Municipality from a raster of about 1 km: near a border the next one may be meant.", err=True)
    else:
        typer.echo("No land of any country is known here.", err=True)
    raise typer.Exit(0 if found else 1)


@app.command()
def resolve(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CAP, GeoJSON, TopoJSON or Shapefile.")],
    as_json: _Json = False,
) -> None:
    """List the codes an area touches, with the share of each it covers.

    Example:  satwarn area resolve area.geojson
    """
    from satwarn.cli.area_files import load, read_shapes

    atlas = load()
    shares = atlas.resolve(read_shapes(file))
    made_of = {layer.scheme: layer.made_of for layer in atlas.layers}
    if as_json:
        rows = [
            _place(atlas.named(one.scheme, one.code)) | {"share": round(one.share, 4), "made_of": made_of[one.scheme]}
            for one in shares
        ]
        _say_json({"file": str(file), "touched": rows})
    else:
        for one in shares:
            typer.echo(_line(atlas.named(one.scheme, one.code), _percent(one.share)))
        if not shares:
            typer.echo("It touches no unit of any gazetteer.", err=True)
        elif any(made_of[one.scheme] == "1 km raster" for one in shares):
            typer.echo("Shares of municipalities are counted on a raster of about 1 km.", err=True)
    raise typer.Exit(0 if shares else 1)


def _percent(share: float) -> str:
    return "  <1 %" if share < 0.01 else f"{share * 100:4.0f} %"


@app.command()
def fit(asked: _Asked, as_json: _Json = False) -> None:
    """Fit what a satellite message can carry: an ellipse, or a mask of prefectures, each with its overreach.

    Examples:  satwarn area fit 31 32 33   |   satwarn area fit area.geojson
    """
    from satwarn.area.fit import enclose, mask
    from satwarn.cli.area_files import load, shapes_asked

    shapes = shapes_asked(load(), asked)
    ellipse, best_mask = enclose(shapes), mask(shapes)
    if as_json:
        shown = {name: round(getattr(ellipse.ellipse, name), 4) for name in ellipse.ellipse.__dataclass_fields__}
        found: dict[str, Any] = {"ellipse": shown | {"overreach": round(ellipse.overreach, 4)}, "mask": None}
        if best_mask:
            found["mask"] = {"prefectures": list(best_mask.prefectures), "overreach": round(best_mask.overreach, 4)}
        _say_json(found)
        return
    one = ellipse.ellipse
    typer.echo(
        f"ellipse  {one.latitude_deg:.3f} {one.longitude_deg:.3f}  half axes {one.semi_major_km:.1f} and "
        f"{one.semi_minor_km:.1f} km, azimuth {one.azimuth_deg:.1f} deg  overreach {ellipse.overreach:.0%}"
    )
    if best_mask:
        typer.echo(f"mask     {' '.join(best_mask.prefectures)}  overreach {best_mask.overreach:.0%}")


@app.command("map")
def draw_map(
    asked: _Asked,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write it: .svg or .png.")] = Path("area.svg"),
    title: Annotated[str, typer.Option(help="The line above the map.")] = "",
    as_json: _Json = False,
) -> None:
    """Draw a map of codes or of an area, as one would put it in a report.

    Examples:  satwarn area map 31 32 33 -o map.svg   |   satwarn area map alert.xml -o map.png
    """
    from satwarn.cli.area_files import chart_of, load, save_picture

    chart = chart_of(load(), asked, title)
    save_picture(chart, out)
    if as_json:
        west, south, east, north = (round(edge, 4) for edge in chart.view.bounds)
        _say_json({"file": str(out), "title": chart.title, "south_west": [south, west], "north_east": [north, east]})
    else:
        typer.echo(f"wrote {out}", err=True)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoJSON, TopoJSON, or .shp with its .dbf beside it.")],
    code: Annotated[str, typer.Option("--code", metavar="FIELD", help="The field with the code (N03_007, AGS).")],
    name: Annotated[str, typer.Option("--name", metavar="FIELD", help="The field with the name.")] = "",
    scheme: Annotated[str, typer.Option(help="What the codes are, if it cannot be told: JISX0402, AGS …")] = "",
    source: Annotated[str, typer.Option(help="Whom to credit on maps.")] = "",
    encoding: Annotated[str, typer.Option(help="Of a .dbf without a .cpg.")] = "",
    as_json: _Json = False,
) -> None:
    """Take an operator's own boundaries; they are then used in place of the built-in ones.

    Examples:  satwarn area import N03-21_31.json --code N03_007 --name N03_004
               satwarn area import VG250_KRS.shp --code AGS --name GEN --source "GeoBasis-DE / BKG"
    """
    from satwarn.area.imported import to_layer
    from satwarn.cli.area_files import keep, read_features

    layer, left_out = to_layer(
        read_features(file, encoding=encoding), code=code, name=name, scheme=scheme, source=source or file.name
    )
    kept = keep(layer)
    said = {"scheme": layer.scheme, "level": layer.level, "units": len(layer.outlines), "left_out": left_out}
    if as_json:
        _say_json(said | {"file": str(kept)})
    else:
        typer.echo(f"{len(layer.outlines)} units ({layer.scheme}, {layer.level}) kept in {kept}")
        if left_out:
            typer.echo(f"{left_out} features had no code in {code} or no outline and were left out.", err=True)
