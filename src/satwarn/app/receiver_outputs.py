"""A receiver's outputs, plugged together from site.toml. Each driver is imported only where it is used."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from satwarn.adapters import clock, secret
from satwarn.adapters.device.address import host_and_port
from satwarn.alert.purpose import Purpose
from satwarn.app.receiver_settings import ReceiverSettings, Values
from satwarn.app.receiver_values import SMTP_TLS
from satwarn.people.danger import say
from satwarn.people.ports import Output, Performance, ProvingOutput, Tried, Trouble
from satwarn.people.relay import Rhythm, Sensed, judge_contact, rhythm
from satwarn.people.signal import AROUND_WORDS
from satwarn.receiver.memory import Life

if TYPE_CHECKING:
    from satwarn.adapters.device.mail import Probe, SmtpPost

Post = Callable[[Callable[[], None]], None]
MAIL_TAKES_S = 90.0


def outputs(settings: ReceiverSettings, *, post: Post) -> tuple[Output, ...]:
    """Every output of the settings; `post` hands a call to the thread that owns the receiver."""
    made = {values["name"]: MAKERS[values["kind"]](values, settings, post) for values in settings.outputs}
    for values in settings.outputs:
        if values["keyed_by"] and values["kind"] == "speaker":
            key = made[values["keyed_by"]]
            key.keys = True  # type: ignore[attr-defined]  # a Contact, by the settings
            made[values["name"]].key = key  # type: ignore[attr-defined]  # a Siren
    return tuple(made.values())


def _speaker(values: Values, settings: ReceiverSettings, post: Post) -> Output:
    from satwarn.adapters.device.siren import Siren

    return Siren(
        name=values["name"],
        folder=settings.folder / "sound",
        backends=tuple(values["backends"]),
        ear=values["ear"],
        profile=values["signals"],
        recording=str(settings.beside(values["recording"])) if values["recording"] else "",
        file=values["address"] if values["kind"] == "wav" else "",
        signal_of=signal_of,
        pre_start_s=values["pre_start_s"],
        buffer_ms=values["buffer_ms"],
        tone_hz=values["tone_hz"],
        tone_level=values["tone_level"],
        post=post,
    )


def signal_of(performance: Performance) -> str:
    """The signal that opens a performance: by its purpose, or by how a warning ended ("" for words alone)."""
    if performance.how:
        return "all-clear" if performance.how == Life.CLEARED and performance.purpose is Purpose.REAL else ""
    return AROUND_WORDS[performance.purpose][0]


def _mail(values: Values, settings: ReceiverSettings, post: Post) -> Output:
    from satwarn.adapters.device.mail import SmtpPost
    from satwarn.adapters.device.threaded import InThread
    from satwarn.people.mail import judge_mail, write

    host, port = host_and_port(values["address"], SMTP_TLS[values["smtp_tls"]])
    smtp = SmtpPost(
        host=host,
        port=port,
        tls=values["smtp_tls"],
        user=values["smtp_user"],
        password=_password(values, settings, "smtp"),
        authority=settings.beside(values["smtp_authority"]) if values["smtp_authority"] else None,
        probe=_probe(values, settings),
    )
    return ProvingOutput(
        name=values["name"],
        mean=partial(write, sender=values["sender"], recipient=values["recipient"]),
        carrier=InThread(way=smtp.post, post=post),
        judge=judge_mail,
        lasts_s=lambda _: MAIL_TAKES_S,
        trial=lambda: try_mail(values, settings, smtp),
    )


def _probe(values: Values, settings: ReceiverSettings) -> "Probe | None":
    """Where a mail is looked for: a Maildir, or a mailbox by IMAP."""
    from satwarn.adapters.device.mail import ImapProbe, MaildirProbe

    if values["probe"]:
        return MaildirProbe(folder=settings.beside(values["probe"]))
    if not values["imap"]:
        return None
    host, port = host_and_port(values["imap"], 993)
    return ImapProbe(
        host=host,
        port=port,
        user=values["imap_user"],
        password=_password(values, settings, "imap"),
        tls=values["imap_tls"],
        authority=settings.beside(values["imap_authority"]) if values["imap_authority"] else None,
    )


def _password(values: Values, settings: ReceiverSettings, of: str) -> Callable[[], str]:
    file = settings.beside(name) if (name := values[f"{of}_password_file"]) else None
    return partial(secret.kept, file=file, variable=values[f"{of}_password_env"])


def try_mail(values: Values, settings: ReceiverSettings, smtp: "SmtpPost") -> Tried:
    """A mail to the probe's own mailbox, marked as a technical test; nobody else gets it."""
    from satwarn.people.mail import judge_mail, write

    if not smtp.probe or not values["probe_recipient"]:
        return Tried(good=None, what="no mailbox of its own (probe_recipient) to send a test to")
    at = clock.now()
    said = say("system-test", label="technical-test", languages=settings.languages)
    test = Performance(
        warning=f"self-test {at.isoformat()}",
        site=settings.site.code,
        purpose=Purpose.TECHNICAL_TEST,
        announcements=said,
        at=at,
    )
    letter = write(test, sender=values["sender"], recipient=values["probe_recipient"])
    arrived = smtp.post(letter)
    trouble = arrived if isinstance(arrived, Trouble) else judge_mail(letter, arrived or b"")
    if trouble:
        return Tried(good=False, what=f"a test mail {trouble.detail}; {trouble.next_step}")
    return Tried(good=True, what="a test mail came as it was sent")


def _screen(values: Values, settings: ReceiverSettings, post: Post) -> Output:
    from satwarn.app.receiver_screen import Kiosk

    return Kiosk(name=values["name"])


def _relay(values: Values, settings: ReceiverSettings, post: Post) -> Output:
    from satwarn.adapters.device.relay import RelayModel
    from satwarn.adapters.device.threaded import InThread

    return ProvingOutput[Rhythm, Sensed](
        name=values["name"],
        mean=rhythm,
        carrier=InThread(way=RelayModel().run, post=post),
        judge=judge_contact,
        lasts_s=lambda performance: rhythm(performance).lasts_s,
        trial=lambda: Tried(good=None, what="a model: no contact is there"),
    )


def _http(values: Values, settings: ReceiverSettings, post: Post) -> Output:
    from satwarn.adapters.device.event import Begun
    from satwarn.adapters.device.webhook import Webhook

    return Webhook(name=values["name"], address=values["address"], post=post, begun=Begun(site=settings.site.code))


def _mqtt(values: Values, settings: ReceiverSettings, post: Post) -> Output:
    from satwarn.adapters.device.mqtt import Mqtt

    return Mqtt(
        name=values["name"], address=values["address"], topic=values["topic"], site=settings.site.code, post=post
    )


def _modbus(values: Values, settings: ReceiverSettings, post: Post) -> Output:
    from satwarn.adapters.device.modbus import Contact

    return Contact(
        name=values["name"],
        address=values["address"],
        unit=values["unit"],
        coil=values["coil"],
        sense=values["sense"],
        busy=values["busy"],
        fault=values["fault"],
        post=post,
    )


Maker = Callable[[Mapping[str, Any], ReceiverSettings, Post], Output]
MAKERS: Mapping[str, Maker] = {
    "speaker": _speaker,
    "wav": _speaker,
    "mail": _mail,
    "screen": _screen,
    "relay": _relay,
    "http": _http,
    "mqtt": _mqtt,
    "modbus": _modbus,
}
KINDS: Sequence[str] = tuple(MAKERS)
