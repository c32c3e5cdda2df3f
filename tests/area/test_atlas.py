"""Layers of units: what an area touches, what a point lies in, an operator's own layer in place of the built-in."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from satwarn.area.atlas import shipped_atlas
from satwarn.area.flat import flat
from satwarn.area.gazetteer import municipalities
from satwarn.area.layer import RasterLayer, ShapeLayer, japan_raster
from satwarn.area.shape import Circle, Polygon
from satwarn.errors import BadArea

ATLAS = shipped_atlas()


def square(south, west, side=1.0):
    north, east = south + side, west + side
    return Polygon(((south, west), (south, east), (north, east), (north, west), (south, west)))


@pytest.mark.parametrize(
    ("point", "codes"),
    [
        ((35.43, 133.33), ["JP", "31", "31202"]),
        ((48.137, 11.575), ["DE", "09"]),
        ((37.5663, 126.9779), ["KR", "11", "11140"]),
        ((34.39, 132.45), ["JP", "34", "34100"]),
        ((27.8, 128.95), ["JP", "46", "46530"]),
        ((52.51, 13.4), ["DE", "11"]),
        ((-33.9, 151.2), ["AU"]),
        ((67.0, -175.0), ["RU"]),
        ((-80.0, 100.0), ["AQ"]),
        ((-90.0, 0.0), ["AQ"]),
        ((0.0, 0.0), []),
    ],
)
def test_a_point_lies_in_every_level(point, codes):
    assert [code for _, code in ATLAS.at(*point)] == codes


def test_a_point_off_earth_is_refused():
    with pytest.raises(BadArea, match="latitude 133"):
        ATLAS.at(133.0, 35.0)


def test_every_municipality_lies_where_it_says():
    for one in municipalities():
        assert ATLAS.at(one.latitude_deg, one.longitude_deg)[1:] == (
            ("JISX0401", one.prefecture),
            ("JISX0402", one.code),
        ), one.code


def test_what_a_small_circle_touches():
    found = {
        (one.scheme, one.code): one.share
        for one in ATLAS.resolve([Circle(latitude_deg=35.43, longitude_deg=133.34, radius_km=0.5)])
    }
    assert set(found) == {("ISO3166-1", "JP"), ("JISX0401", "31"), ("JISX0402", "31202")}
    assert all(0 <= share < 0.02 for share in found.values())


def test_a_prefecture_is_covered_by_itself():
    found = {(one.scheme, one.code): one.share for one in ATLAS.resolve(ATLAS.outline_of("ISO3166-2", "JP-37"))}
    assert found["JISX0401", "37"] == pytest.approx(1)
    assert max(share for (scheme, code), share in found.items() if scheme == "JISX0401" and code != "37") < 0.01
    assert found["JISX0402", "37201"] > 0.85


@settings(max_examples=20, deadline=None)
@given(st.floats(31, 44), st.floats(130, 144), st.floats(0.3, 60))
def test_no_cell_an_area_touches_is_missed(latitude, longitude, radius_km):
    """The oracle draws every cell near as a square; the layer works with middles and a margin."""
    ground = flat(Circle(latitude_deg=latitude, longitude_deg=longitude, radius_km=radius_km))
    latitudes, longitudes, codes = japan_raster().cells
    near = (np.abs(latitudes - latitude) < 1) & (np.abs(longitudes - longitude) < 1)
    squares = shapely.box(
        longitudes[near] - 0.005, latitudes[near] - 0.005, longitudes[near] + 0.005, latitudes[near] + 0.005
    )
    theirs = {f"{code:05}" for code in np.unique(codes[near][shapely.intersects(ground, squares)])}
    assert theirs <= {one.code for one in japan_raster().touched(ground)}


def test_shares_of_shapes_add_up():
    layer = ShapeLayer("JISX0402", "municipality", {"31201": (square(35, 133),), "31202": (square(35, 134),)})
    found = {one.code: one.share for one in layer.touched(flat(square(35, 133.5)))}
    assert found == {"31201": pytest.approx(0.5, abs=1e-3), "31202": pytest.approx(0.5, abs=1e-3)}
    assert layer.codes_in(flat(square(35.2, 133.2, 0.5))) == ("31201",)


def test_an_own_layer_takes_the_place_of_the_built_in_one():
    own = ShapeLayer("JISX0402", "municipality", {"31202": (square(35, 133),)}, {"31202": "米子市"}, made_of="imported")
    atlas = ATLAS.with_layers([own])
    assert not any(isinstance(layer, RasterLayer) for layer in atlas.layers)
    assert atlas.at(35.1, 133.1)[-1] == ("JISX0402", "31202")
    assert atlas.outline_of("JISX0402", "31202") == (square(35, 133),)
    kreise = ShapeLayer("AGS", "Kreis", {"09999": (square(48, 11),)}, {"09999": "Neukreis"})
    atlas = ATLAS.with_layers([kreise])
    assert atlas.named("AGS", "09999").name("de") == "Neukreis"
    assert [code for _, code in atlas.at(48.1, 11.6)] == ["DE", "09", "09999"]


def test_codes_and_names_have_outlines_or_say_what_to_do():
    assert flat(*ATLAS.outline_asked("31202")).contains(shapely.Point(133.33, 35.43))
    assert ATLAS.code_asked("AGS:09") == ("AGS", "09")
    assert ATLAS.code_asked("Yonago") == ("JISX0402", "31202")
    with pytest.raises(BadArea, match=r"NUTS3 DE21H .Munich district. is here") as raised:
        ATLAS.outline_of("NUTS3", "DE21H")
    assert "area import" in raised.value.fix
    with pytest.raises(BadArea, match="Nirgendwo"):
        ATLAS.outline_asked("Nirgendwo")
    with pytest.raises(BadArea, match="no area"):
        ATLAS.resolve([])


def test_a_code_with_a_fault_in_it_is_no_name():
    with pytest.raises(BadArea, match="no place has the code 99") as refused:
        ATLAS.code_asked("99")
    assert "01399" in refused.value.fix
