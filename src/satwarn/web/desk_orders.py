"""The console's page about standing orders: write one, sign it as the second, end it at once."""

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath

from satwarn.alert.purpose import Purpose
from satwarn.app.house import Served
from satwarn.area import gazetteer
from satwarn.authority.hazard import ApprovalClass, hazards
from satwarn.authority.jurisdiction import Jurisdiction
from satwarn.authority.officer import Assent
from satwarn.authority.order import StandingOrder
from satwarn.authority.prepared import Prepared, Sort
from satwarn.authority.rights import Role
from satwarn.errors import BadAlert, SatwarnError
from satwarn.ledger.receipt import Path
from satwarn.web.answers import see, status_of
from satwarn.web.desk_frame import desk_page
from satwarn.web.desk_pages import assent_in
from satwarn.web.desk_prepared import ask_to_sign, ask_to_write, name_in, needed
from satwarn.web.here import Req, actor_on_page, deed_form, here

ORDERED = {key: one for key, one in hazards().items() if one.approval is ApprovalClass.ORDER}
"""The dangers an order may be about; every other one needs people, whatever an order says."""


@get("/desk/orders", include_in_schema=False)
async def orders(request: Req) -> Response[str]:
    """What machines may issue without a person, until when, and who signed it."""
    return _page(request, None, {})


def _page(request: Req, problem: SatwarnError | None, filled: Mapping[str, list[str]]) -> Response[str]:
    realm = here(request).realm
    roster = realm.views.roster
    return desk_page(
        request,
        "orders",
        actor_on_page(request),
        orders=realm.views.kept(Sort.ORDER),
        sources=sorted(name for name in list(roster) if Role.MACHINE in roster[name].roles),
        hazards=ORDERED,
        paths=list(Path),
        prefectures=gazetteer.prefectures(),
        filled=filled,
        problem=problem,
        status=status_of(problem) if problem else 200,
    )


@post("/desk/orders/ask", include_in_schema=False, status_code=200)
async def ask(request: Req) -> dict[str, Any]:
    """What the browser asks a passkey, so that the person signs exactly what the page shows."""
    actor, form = await deed_form(request)
    served = here(request)
    if form.get("deed") == "write":
        order = _order(form, served.realm.settings.zone)
        return ask_to_write(served, actor, Sort.ORDER, order.name, order.to_json())
    return ask_to_sign(served, actor, Sort.ORDER, form)


@post("/desk/orders/{word:str}", include_in_schema=False)
async def deed(request: Req, word: FromPath[str]) -> Response[Any]:
    """Write, sign, revoke."""
    actor, form = await deed_form(request)
    try:
        if word not in DEEDS:
            raise BadAlert(f"no deed {word[:40]!r}", where="orders", fix=f"one of {', '.join(DEEDS)}")
        job = DEEDS[word](here(request), actor.name, form, assent_in(request, actor, form))
        await here(request).realm.do(job)
    except SatwarnError as error:
        return _page(request, error, {name: list(map(str, form.getall(name, []))) for name in form})
    return see("/desk/orders")


Do = Callable[[Served, str, FormMultiDict, Assent | None], Callable[[], Prepared]]


def _write(served: Served, by: str, form: FormMultiDict, assent: Assent | None) -> Callable[[], Prepared]:
    order, realm, given = _order(form, served.realm.settings.zone), served.realm, needed(assent)
    return lambda: realm.shelf.write_order(order, by=by, now=realm.now(), assent=given)


def _sign(served: Served, by: str, form: FormMultiDict, assent: Assent | None) -> Callable[[], Prepared]:
    realm, name, digest, given = served.realm, name_in(form), str(form.get("digest", "")), needed(assent)
    return lambda: realm.shelf.sign(Sort.ORDER, name, digest=digest, by=by, now=realm.now(), assent=given)


def _revoke(served: Served, by: str, form: FormMultiDict, assent: Assent | None) -> Callable[[], Prepared]:
    realm, name, reason = served.realm, str(form.get("name", "")), str(form.get("reason", ""))[:500]
    return lambda: realm.shelf.revoke(Sort.ORDER, name, reason=reason, by=by, now=realm.now())


DEEDS: Mapping[str, Do] = {"write": _write, "sign": _sign, "revoke": _revoke}


def _order(form: FormMultiDict, zone: tzinfo) -> StandingOrder:
    """The order a form describes; BadAlert or BadArea names what is missing or wrong."""
    name = name_in(form)
    places = [*map(str, form.getall("area", [])), *str(form.get("more_codes", "")).replace(",", " ").split()]
    dangers = list(map(str, form.getall("hazard", [])))
    if not places or not dangers:
        raise BadAlert("is not chosen", where="area" if dangers else "hazard")
    most = str(form.get("most_places", ""))
    return StandingOrder(
        name=name,
        sources=frozenset([*map(str, form.getall("source", [])), *str(form.get("more_sources", "")).split()]),
        jurisdiction=_held(dangers, places, list(map(str, form.getall("path", [])))),
        valid_from=_midnight(str(form.get("valid_from", "")), zone, "valid_from"),
        valid_until=_midnight(str(form.get("valid_until", "")), zone, "valid_until"),
        most_places=int(most) if most.isdecimal() and len(most) < 6 else 0,
    )


def _held(dangers: list[str], places: list[str], paths: list[str]) -> Jurisdiction:
    if strange := [key for key in dangers if key not in ORDERED]:
        raise BadAlert(f"{strange[0][:40]!r} needs people", where="hazard", fix=f"some of {', '.join(ORDERED)}")
    values = {"hazards": dangers, "areas": places, "purposes": [Purpose.REAL.value], "paths": paths}
    try:
        held = Jurisdiction.from_json(values)
    except ValueError as error:
        raise BadAlert(str(error), where="path") from None
    if not held.paths:
        raise BadAlert("is not chosen", where="path")
    return held


def _midnight(day: str, zone: tzinfo, where: str) -> datetime:
    with contextlib.suppress(ValueError):
        if len(day) == len("2026-01-01"):
            return datetime.fromisoformat(day).replace(tzinfo=zone)
    raise BadAlert(f"{day[:20]!r} is no day", where=where, fix="a day like 2026-04-01")


HANDLERS = (orders, ask, deed)
