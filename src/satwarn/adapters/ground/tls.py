"""TLS of the ground path: both ends show a certificate of the hub's own authority, and believe no other."""

import ssl
from collections.abc import Callable
from typing import Any

from satwarn.errors import BadSetting

PROTECTED = ssl.TLSVersion.TLSv1_2
EXPIRED, YOUNG, STRANGE, REVOKED, MISNAMED = 10, 9, (7, 18, 19, 20, 21), 23, (62, 64)
BECAUSE = {
    EXPIRED: "it has expired",
    YOUNG: "it does not hold yet: is a clock wrong?",
    **dict.fromkeys(STRANGE, "its authority is unknown here"),
    REVOKED: "it was revoked",
    **dict.fromkeys(MISNAMED, "it is for another name than the address"),
}
"""X.509's codes (verify_code) in words."""
NO_CERTIFICATE = "PEER_DID_NOT_RETURN_A_CERTIFICATE"
ALERTS = {
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it has expired, or does not hold yet: is a clock wrong?",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "it was revoked",
    "TLSV1_ALERT_UNKNOWN_CA": "its authority is unknown there",
    "TLSV1_ALERT_DECRYPT_ERROR": "its authority is unknown there",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "none was shown",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "none was shown",
    NO_CERTIFICATE: "none was shown",
    "SSLV3_ALERT_BAD_CERTIFICATE": "it is unfit",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "it is unfit",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "it is of an unfit kind",
    "TLSV1_ALERT_ACCESS_DENIED": "it is not admitted",
}
"""What the other end says of our certificate when it refuses it, in words."""
REASONS = {
    "WRONG_VERSION_NUMBER": "there is no TLS at that port",
    "UNSUPPORTED_PROTOCOL": "the other end speaks no TLS that is still safe",
}
"""OpenSSL's other reasons in words for the person who looks at a receiver."""
SITE, HUB = "this site", "the hub"


def tls_of_site(*, certificate: str, key: str, authority: str) -> ssl.SSLContext:
    """A site's TLS: its own certificate, and only the named authority for the hub's. BadSetting for unfit files."""
    return _context(ssl.Purpose.SERVER_AUTH, certificate, key, authority, where="site.toml, ground")


def tls_of_hub(*, certificate: str, key: str, authority: str) -> ssl.SSLContext:
    """The hub's TLS: its certificate, and only sites whose certificates the authority made."""
    context = _context(ssl.Purpose.CLIENT_AUTH, certificate, key, authority, where="hub")
    context.verify_mode = ssl.CERT_REQUIRED
    context.num_tickets = 0  # a resumed session would not show its certificate anew
    return context


def _context(purpose: ssl.Purpose, certificate: str, key: str, authority: str, *, where: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(purpose, cafile=authority or None)
        context.minimum_version = PROTECTED
        if certificate:
            context.load_cert_chain(certificate, key or None)
    except (OSError, ssl.SSLError) as error:
        named = ", ".join(filter(None, (certificate, key, authority)))
        said = getattr(error, "reason", "") or error.strerror or str(error)
        raise BadSetting(f"cannot be used: {said}", where=f"{where} ({named})", fix="satwarn receiver enrol") from None
    return context


def tell_refusals(context: ssl.SSLContext, told: Callable[[ssl.SSLError], None]) -> ssl.SSLContext:
    """Have `told` called with each certificate refused at this end or at the other; returns the context.

    asyncio hangs up on a handshake that failed before the other end was told why, and drops what the other end said. So
    our refusal is raised when the other end answers to its alert (or the handshake's time is over), not before.
    """

    class Telling(ssl.SSLObject):
        _failed: ssl.SSLError | None = None

        def do_handshake(self) -> None:
            if self._failed:
                raise self._failed
            try:
                super().do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                raise
            except ssl.SSLError as error:
                told(error)
                refused_here = isinstance(error, ssl.SSLCertVerificationError) or error.reason == NO_CERTIFICATE
                if not refused_here:
                    raise  # the other end has refused us, and knows it; or what it speaks is not TLS
                self._failed = error
                raise ssl.SSLWantReadError from error  # asyncio sends the alert, and comes again with the answer

        def read(self, *size: Any) -> Any:
            try:
                return super().read(*size)
            except ssl.SSLError as error:
                if error.reason in ALERTS:  # TLS 1.3: after our handshake the other end looks at our certificate
                    told(error)
                raise

    context.sslobject_class = Telling
    return context


def in_words(error: BaseException, *, here: str = SITE, there: str = HUB) -> str:
    """What went wrong with a line, for people: which end refused whose certificate, and why."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = BECAUSE.get(error.verify_code, error.verify_message)
        return f"{here} refused {there}'s certificate: {why}"
    if isinstance(error, ssl.SSLError):
        reason = error.reason or str(error)
        if reason in ALERTS:
            asked = reason == NO_CERTIFICATE
            refusing, shown = (here, there) if asked else (there, here)
            return f"{refusing} refused {shown}'s certificate: {ALERTS[reason]}"
        return REASONS.get(reason, f"TLS failed: {reason}")
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
