"""What every page of the console has: the frame, the person, the words."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response

from satwarn.app.site_list import ground_summary
from satwarn.web.answers import html
from satwarn.web.here import Actor, Req, here, language_of
from satwarn.web.render import CONSOLE_LANGUAGES, page

NAV = (
    ("situation", "/desk", "Situation"),
    ("compose", "/desk/compose", "Compose"),
    ("approve", "/desk/approve", "Approve"),
    ("on-air", "/desk/on-air", "On air"),
    ("correct", "/desk/correct", "Correct"),
    ("sites", "/desk/sites", "Sites"),
    ("people", "/desk/people", "People"),
    ("templates", "/desk/templates", "Templates"),
    ("ledger", "/desk/ledger", "Ledger"),
)
SAME_PAGE = frozenset({"token", "from", "find", "subject", "before", "kinds"})
"""What in an address makes a page of ours another one; what else somebody wrote there is not repeated."""
LANGUAGE_COOKIE = "satwarn_language"


def tag_of(request: Req) -> str:
    """The console's language: asked for, kept from before, or the browser's."""
    kept = request.cookies.get(LANGUAGE_COOKIE, "")
    if "lang" not in request.query_params and kept in CONSOLE_LANGUAGES:
        return kept
    return language_of(request, CONSOLE_LANGUAGES)


def _same_page(request: Req) -> str:
    """The start of this page's address in another language; empty where it answers a form, and cannot be asked for."""
    asked = [(key, value) for key, value in request.query_params.multi_items() if key in SAME_PAGE]
    return f"?{urlencode([*asked, ('lang', '')])}" if request.method == "GET" else ""


def desk_page(request: Req, template: str, actor: Actor | None, *, status: int = 200, **values: Any) -> Response[str]:
    """One page of the console."""
    served, tag = here(request), tag_of(request)
    realm = served.realm
    text = page(
        f"desk/{template}.html",
        tag,
        root="/",
        world=served.world.value,
        actor=actor,
        csrf=actor.session.csrf if actor and actor.session else "",
        nav=NAV,
        path=request.url.path,
        console_languages=CONSOLE_LANGUAGES,
        same_page=_same_page(request),
        zone=realm.settings.zone,
        now=realm.now(),
        views=realm.views,
        agrees_by_sso=bool(actor and actor.session and served.door.agrees_by_sso(actor.session)),
        sso=served.sso.settings.label if served.sso else "",
        simulated=realm.sky.simulated.state,
        ground=ground_summary(served),
        **values,
    )
    answer = html(text, status=status)
    if request.query_params.get("lang") in CONSOLE_LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, tag, path="/desk", samesite="strict", httponly=True)
    return answer
