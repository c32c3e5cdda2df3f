"""TLS of the ground path: both ends show a certificate of the hub's own authority, and believe no other."""

import ssl

from satwarn.errors import BadSetting

PROTECTED = ssl.TLSVersion.TLSv1_2
REASONS = {
    "CERTIFICATE_VERIFY_FAILED": "the hub's certificate is not one to believe",
    "WRONG_VERSION_NUMBER": "there is no TLS at that port",
    "UNSUPPORTED_PROTOCOL": "the hub speaks no TLS that is still safe",
}
"""OpenSSL's reasons in words for the person who looks at a receiver."""


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


def in_words(error: BaseException) -> str:
    """What went wrong with a line, for people."""
    if isinstance(error, ssl.SSLError):
        known = next((words for reason, words in REASONS.items() if reason == error.reason), "")
        detail = getattr(error, "verify_message", "") or error.reason or str(error)
        return f"{known} ({detail})" if known else f"TLS failed: {detail}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
