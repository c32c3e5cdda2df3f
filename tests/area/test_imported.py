"""An operator's boundaries: small files of our own making, in the forms of N03, VG250 and NGII, and hostile ones."""

import io
import json

import pytest
import shapefile
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from satwarn.area.flat import flat
from satwarn.area.imported import read_geojson, read_layer, read_shapefile, to_layer, write_layer
from satwarn.area.inside import inside
from satwarn.errors import BadArea, BadSetting, SatwarnError


def box(west, south, side=0.5):
    return [[west, south], [west, south + side], [west + side, south + side], [west + side, south], [west, south]]


def collection(*features):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": fields, "geometry": {"type": "Polygon", "coordinates": [ring]}}
                for ring, fields in features
            ],
        }
    ).encode()


N03 = collection(
    (box(133, 35), {"N03_004": "米子市", "N03_007": "31202"}),
    (box(134, 35), {"N03_004": "米子市", "N03_007": "31202"}),
    (box(135, 35), {"N03_004": "鳥取市", "N03_007": "31201"}),
    (box(136, 35), {"N03_004": "所属未定地", "N03_007": None}),
)


def test_pieces_of_one_code_become_one_unit_and_what_has_no_code_is_counted():
    layer, left_out = to_layer(read_geojson(N03), code="N03_007", name="N03_004")
    assert (layer.scheme, layer.level, left_out) == ("JISX0402", "municipality", 1)
    assert {code: len(parts) for code, parts in layer.outlines.items()} == {"31201": 1, "31202": 2}
    assert layer.names == {"31201": "鳥取市", "31202": "米子市"}
    assert any(inside((35.1, 134.1), one) for one in layer.outlines["31202"])


def test_a_layer_is_kept_and_read_again():
    layer, _ = to_layer(read_geojson(N03), code="N03_007", name="N03_004", source="MLIT")
    again = read_layer(write_layer(layer))
    assert (again.scheme, again.level, again.names, again.source) == (layer.scheme, layer.level, layer.names, "MLIT")
    assert all(flat(*again.outlines[code]).equals(flat(*layer.outlines[code])) for code in layer.outlines)


@pytest.mark.parametrize("quantised", [True, False])
def test_topojson(quantised):
    arcs = [[[133.0, 35.0], [133.0, 36.0], [134.0, 36.0]], [[134.0, 36.0], [134.0, 35.0], [133.0, 35.0]]]
    topology = {
        "type": "Topology",
        "objects": {
            "kr": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "31"}}],
            }
        },
        "arcs": arcs,
    }
    if quantised:
        topology["transform"] = {"scale": [0.001, 0.001], "translate": [133.0, 35.0]}
        topology["arcs"] = [[[0, 0], [0, 1000], [1000, 0]], [[1000, 1000], [0, -1000], [-1000, 0]]]
    layer, _ = to_layer(read_geojson(json.dumps(topology).encode()), code="code")
    assert layer.scheme == "JISX0401"
    assert flat(*layer.outlines["31"]).area == pytest.approx(1)


def written(rings, encoding="utf-8"):
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding=encoding) as file:
        file.field("AGS", "C", 12)
        file.field("GEN", "C", 40)
        for ring, code, name in rings:
            file.poly([ring])
            file.record(code, name)
    return shp.getvalue(), dbf.getvalue()


def test_a_shapefile_of_kreise_in_degrees():
    layer, _ = to_layer(read_shapefile(*written([(box(11, 48), "09184", "München")])), code="AGS", name="GEN")
    assert (layer.scheme, layer.level, dict(layer.names)) == ("AGS", "Kreis", {"09184": "München"})


def test_a_shapefile_in_metres_is_turned_by_its_prj():
    turn = Transformer.from_crs(4326, 25832, always_xy=True)
    metres = [list(turn.transform(*point)) for point in box(11, 48)]
    shp, dbf = written([(metres, "09184", "München")])
    layer, _ = to_layer(read_shapefile(shp, dbf, projection=CRS(25832).to_wkt("WKT1_ESRI")), code="AGS", name="GEN")
    assert inside((48.2, 11.2), layer.outlines["09184"][0])
    with pytest.raises(BadArea, match="no degrees"):
        read_shapefile(shp, dbf)


def test_japanese_names_in_shift_jis_are_read():
    layer, _ = to_layer(read_shapefile(*written([(box(133, 35), "31202", "米子市")], "cp932")), code="AGS", name="GEN")
    assert layer.names == {"31202": "米子市"}


@pytest.mark.parametrize(
    ("code", "name", "says"),
    [("AGS", "", "N03_004, N03_007"), ("N03_007", "GEN", "N03_004"), ("N03_004", "", "--scheme")],
)
def test_a_wrong_field_is_named_with_those_there_are(code, name, says):
    with pytest.raises(BadSetting) as raised:
        to_layer(read_geojson(N03), code=code, name=name)
    assert says in raised.value.fix


def test_codes_that_are_none_of_the_scheme_are_refused():
    with pytest.raises(BadArea, match="no JISX0401 code"):
        to_layer(read_geojson(N03), code="N03_007", scheme="JISX0401")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"type": "Topology"}',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "Polygon", "coordinates": [[["a", "b"]]]}',
        b'{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}',
        b'{"type": "Polygon", "coordinates": [[[NaN, 0], [1, 1], [2, 0], [NaN, 0]]]}',
        collection((box(500000, 5300000), {"AGS": "09184"})),
    ],
)
def test_what_is_no_boundary_file_is_refused(data):
    with pytest.raises(BadArea):
        to_layer(read_geojson(data), code="AGS")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_noise_is_refused_and_nothing_else(shp, dbf):
    for read in (
        lambda: read_geojson(shp),
        lambda: read_shapefile(shp, dbf),
        lambda: read_layer(shp.decode("latin-1")),
    ):
        with pytest.raises(SatwarnError):
            read()


@given(st.integers(0, 400))
def test_a_shapefile_cut_short_is_refused_or_has_lost_nothing(length):
    shp, dbf = written([(box(11, 48), "09184", "München")])
    try:
        found = read_shapefile(shp[:length], dbf)
    except SatwarnError:
        return
    assert len(found) == 1
