"""What the console's maps are told: sites, and of one warning the area, the frames, the swath, and what sites did."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from satwarn.app.realm import Realm
from satwarn.app.site_view import answers
from satwarn.app.warning_map import Json, collection, footprint, swath
from satwarn.area.gazetteer import point_to_draw
from satwarn.area.spelled import place_of
from satwarn.authority.standing import Standing
from satwarn.web.desk_frame import tag_of
from satwarn.web.desk_pages import covered, named_places, read_form, standing
from satwarn.web.here import Req, actor_on_page, deed_form, here
from satwarn.web.outcome import state_of


def _answer(found: Json) -> Response[bytes]:
    return Response(
        msgspec.json.encode(found), media_type="application/geo+json", headers={"cache-control": "no-store"}
    )


@get("/desk/map/sites.json", include_in_schema=False)
async def sites(request: Req) -> Response[bytes]:
    """Every site as a dot."""
    actor_on_page(request)
    realm = here(request).realm
    return _answer(collection(_dots(realm, None)))


@get("/desk/map/find", include_in_schema=False, sync_to_thread=True)
def find_places(request: Req) -> list[dict[str, str]]:
    """Places by name, as the form lists them without a script."""
    actor_on_page(request)
    return named_places(request.query_params.get("name", ""), tag_of(request))


@get("/desk/w/{subject:str}/map.json", include_in_schema=False)
async def of_warning(request: Req, subject: FromPath[str]) -> Response[bytes]:
    """One warning with everything a map can show of it."""
    actor_on_page(request)
    realm = here(request).realm
    stands = standing(realm, subject)
    drawn = await asyncio.to_thread(footprint, stands.signed or stands.draft)
    flight = await asyncio.to_thread(_swath, realm, stands)
    received = answers(stands, realm.views)
    return _answer({**drawn, "features": [*flight, *drawn["features"], *_dots(realm, received)]})


@post("/desk/map/footprint", include_in_schema=False, status_code=200)
async def of_form(request: Req) -> Response[bytes]:
    """What the frames would cover if the form went out as it is filled in now; nothing while it cannot."""
    _, sent = await deed_form(request)
    return _answer(await asyncio.to_thread(covered, here(request).realm, read_form(sent)))


def _swath(realm: Realm, stands: Standing) -> tuple[Json, ...]:
    report = realm.views.launches.get(stands.subject) or realm.views.launches.get(stands.follows)
    return swath(report) if report else ()


def _dots(realm: Realm, received: Mapping[str, Mapping[str, Any]] | None) -> Iterator[Json]:
    down = {row.code for row in list(realm.views.sites.values()) if row.known_down}
    for code in dict.fromkeys([*list(realm.sky.sites), *list(realm.views.sites)]):
        place = place_of(code)
        point = point_to_draw(place)
        if point is None:
            continue  # no table says where it lies; the page names such sites
        state = "down" if code in down else "site" if received is None else state_of(received.get(code))
        yield {
            "type": "Feature",
            "properties": {"kind": "site", "code": code, "state": state, **place.names},
            "geometry": {"type": "Point", "coordinates": [point[1], point[0]]},
        }


HANDLERS = (sites, find_places, of_warning, of_form)
