"""One site's page: what its screen shows now, the sound as it is played, when and by which path it began, and proof."""

import asyncio
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from satwarn.app.realm import Realm
from satwarn.app.site_list import held
from satwarn.app.site_view import Heard, heard_at, sound
from satwarn.area.spelled import place_of
from satwarn.errors import Missing
from satwarn.web.desk_frame import desk_page
from satwarn.web.here import Req, actor_on_page, here

ANSWERS_WITHIN_S = 1.0


def _known(realm: Realm, site: str) -> str:
    """What the hub knows of it: simulated, or the state it has in the ledger; Missing for no site of ours."""
    row = realm.views.sites.get(site)
    if row is None and site not in realm.sky.sites:
        raise Missing("there is no such site", where=site[:40], fix="look at the sites")
    return row.state if row else "simulated"


async def _record(realm: Realm, site: str) -> dict[str, Any] | None:
    """What a simulated site itself has kept; None while it does not answer."""
    try:
        return await asyncio.wait_for(asyncio.wrap_future(realm.sky.simulated.look(site)), timeout=ANSWERS_WITHIN_S)
    except (Missing, TimeoutError):
        return None


@get("/desk/sites/{site:str}", include_in_schema=False)
async def site_page(request: Req, site: FromPath[str]) -> Response[str]:
    """What is on at a site, and what was."""
    actor, realm = actor_on_page(request), here(request).realm
    state = _known(realm, site)
    heard = heard_at(site, realm.views)
    return desk_page(
        request,
        "site",
        actor,
        site=site,
        place=place_of(site),
        state=state,
        holds=held(row, realm.settings.sender) if (row := realm.views.sites.get(site)) else None,
        is_simulated=site in realm.sky.sites,
        record=await _record(realm, site),
        heard=heard[:20],
        showing=[one for one in heard if one.on],
    )


@get("/desk/sites/{site:str}/sound/{identifier:str}", include_in_schema=False)
async def site_sound(request: Req, site: FromPath[str], identifier: FromPath[str]) -> Response[bytes]:
    """The sound of one warning at a simulated site; what a real one plays stays there."""
    actor_on_page(request)
    realm = here(request).realm
    found = _of(heard_at(site, realm.views), identifier) if site in realm.sky.sites else None
    if found is None or found.performance is None:
        raise Missing("this site sounded no such warning", where=identifier[:80], fix="look at the site's page")
    wav = await asyncio.to_thread(sound, found.performance)
    return Response(wav, media_type="audio/wav", headers={"cache-control": "private, max-age=600"})


def _of(heard: tuple[Heard, ...], identifier: str) -> Heard | None:
    return next((one for one in heard if one.receipt.identifier == identifier), None)


HANDLERS = (site_page, site_sound)
