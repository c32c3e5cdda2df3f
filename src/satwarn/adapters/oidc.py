"""OpenID Connect: the authorization code flow with PKCE, towards one provider whose name was written down beforehand.

Nothing that the browser brings is believed: only an ID token fetched from the provider itself, signed with one of the
provider's published keys by a public-key algorithm, for us, now, and for the question we asked (nonce).
"""

import base64
import hashlib
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from satwarn.adapters import clock, secret
from satwarn.errors import Missing, NotAllowed

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Public-key algorithms only: `none` and shared secrets sign nothing here."""
TIMEOUT_S, MOST_BYTES = 10.0, 1_000_000
LEEWAY_S = 60
KEYS_HOLD_S = 300.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who vouches for people: `issuer` exactly as it names itself, and as whom we ask (no secret: a public client)."""

    issuer: str
    client_id: str
    client_secret: str = ""
    scope: str = "openid profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one browser is sent away with, and what its answer must fit."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


def ask(redirect_uri: str) -> Question:
    """A new question."""
    return Question(state=secret.token(), nonce=secret.token(), verifier=secret.token() * 2, redirect_uri=redirect_uri)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(slots=True)
class Oidc:
    """Speaks to one provider. Every call may block, so it is made on a thread."""

    provider: Provider
    _about: Mapping[str, Any] = field(default_factory=dict)
    _keys: Mapping[str, Any] = field(default_factory=dict)
    _read_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def address(self, question: Question) -> str:
        """Where the browser is sent; Missing when the provider does not answer."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(question.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": question.redirect_uri,
            "scope": self.provider.scope,
            "state": question.state,
            "nonce": question.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = self._asked_at("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def claims(self, code: str, question: Question) -> Mapping[str, Any]:
        """What the provider says of whoever the code is about.

        NotAllowed when the code or the token is not good, Missing when the provider does not answer.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": question.redirect_uri,
            "client_id": self.provider.client_id,
            "code_verifier": question.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.provider.client_secret:
            pair = f"{quote_plus(self.provider.client_id)}:{quote_plus(self.provider.client_secret)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        answer = self._json(self._asked_at("token_endpoint"), urlencode(form).encode(), headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _refused("the provider gave no ID token")
        return self._checked(token, question)

    # ── the token ────────────────────────────────────────────────────────────────────────────────

    def _checked(self, token: str, question: Question) -> Mapping[str, Any]:
        claims = self._signed(token)
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
        now = clock.now().timestamp()
        wrong = {
            "issuer": claims.get("iss") != self.provider.issuer,
            "audience": self.provider.client_id not in audiences,
            "authorized party": claims.get("azp", self.provider.client_id) != self.provider.client_id
            or (len(audiences) > 1 and "azp" not in claims),
            "expiry": not _is_number(claims.get("exp")) or now > claims["exp"] + LEEWAY_S,
            "time of issue": not _is_number(claims.get("iat")) or claims["iat"] > now + LEEWAY_S,
            "nonce": not secret.same(str(claims.get("nonce", "")), question.nonce),
            "subject": not isinstance(claims.get("sub"), str) or not claims["sub"],
        }
        for what, is_wrong in wrong.items():
            if is_wrong:
                raise _refused(f"the ID token has the wrong {what}")
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        """The claims of a token signed with a published key; keys are fetched anew once for one we do not know."""
        jwt, key_set, errors = _library()
        for fresh in (False, True):
            try:
                keys = key_set.import_key_set(self._published(fresh=fresh))
                claims: dict[str, Any] = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
            except (errors, ValueError, KeyError, TypeError) as error:
                why = error
            else:
                return claims
        raise _refused(f"the ID token is not signed as it must be ({type(why).__name__})")

    def _published(self, *, fresh: bool) -> dict[str, Any]:
        with self._lock:
            stale = clock.stopwatch() - self._read_at > (1.0 if fresh else KEYS_HOLD_S)
            if not self._keys or stale:
                self._keys = self._json(self._asked_at("jwks_uri"))
                self._read_at = clock.stopwatch()
            keys = self._keys.get("keys", [])
            # A published shared secret is nobody's secret: only public keys count.
            return {"keys": [key for key in keys if isinstance(key, dict) and key.get("kty") != "oct"]}

    # ── the provider ─────────────────────────────────────────────────────────────────────────────

    def _asked_at(self, name: str) -> str:
        if not self._about:
            about = self._json(self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if about.get("issuer") != self.provider.issuer:
                raise Missing(f"the provider calls itself {str(about.get('issuer'))[:80]!r}", where="oidc.issuer")
            self._about = about
        address = str(self._about.get(name, ""))
        _check_address(address, like=self.provider.issuer)
        return address

    def _json(
        self, address: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        _check_address(address, like=self.provider.issuer)
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
        asked = urllib.request.Request(address, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310 - checked
        try:
            with opener.open(asked, timeout=TIMEOUT_S) as answer:
                found = json.loads(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            error.close()
            if data is not None and 400 <= error.code < 500:
                raise _refused("the provider does not take this code") from None
            raise Missing(f"the provider answers {error.code}", where=address[:120]) from None
        except (OSError, ValueError) as error:
            raise Missing(f"the provider does not answer: {error}", where=address[:120]) from None
        if not isinstance(found, dict):
            raise Missing("the provider answers something else", where=address[:120])
        return found


def _check_address(address: str, *, like: str) -> None:
    """Missing unless it is https; plain http only where the provider itself is on this machine (for trying)."""
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in LOOPBACK and urlsplit(like).hostname in LOOPBACK
    if not (parts.scheme == "https" and parts.hostname) and not here:
        raise Missing(f"{address[:80]!r} is no https address", where="oidc")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refused(what: str) -> NotAllowed:
    return NotAllowed(what, where="single sign-on", fix="sign in again, or by a code")


def _library() -> Any:
    try:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet
    except ModuleNotFoundError as error:
        raise Missing(
            "single sign-on needs joserfc, which is not installed", fix='pip install "satwarn[sso]"'
        ) from error
    return jwt, KeySet, JoseError
