"""The sandbox filled with people and templates to try: invented, and labelled so."""

from satwarn.adapters import secret
from satwarn.alert.alert import Alert
from satwarn.app.compose import Composed, Said, template_of
from satwarn.app.house import Served
from satwarn.app.realm import World
from satwarn.authority.jurisdiction import EVERYWHERE
from satwarn.authority.officer import Assent, By
from satwarn.authority.prepared import Prepared, Sort
from satwarn.authority.rights import Role
from satwarn.authority.roster import hash_secret, spell_code
from satwarn.errors import NotAllowed

PEOPLE = {
    "H. Tanaka": frozenset({Role.AUTHOR, Role.ADMINISTRATOR}),
    "Y. Abe": frozenset({Role.ADMINISTRATOR}),
    "M. Sato": frozenset({Role.APPROVER}),
    "K. Mori": frozenset({Role.DUTY_OFFICER}),
    "A. Ito": frozenset({Role.AUDITOR}),
}
TEMPLATES = {
    "exercise": Composed(
        hazard="system-test",
        purpose="exercise",
        severity="Minor",
        minutes=30,
        said={
            "en": Said(
                headline="Test of the warning system",
                description="This is a test of the warning system.",
                instruction="You need not do anything.",
            ),
            "ja": Said(
                headline="情報伝達試験",
                description="これは情報伝達試験です。",
                instruction="何もする必要はありません。",
            ),
        },
    ),
    "missile": Composed(
        hazard="missile",
        purpose="real",
        severity="Extreme",
        minutes=30,
        said={
            "en": Said(
                headline="Missile launched. Take shelter now",
                description="A missile was launched and may pass over or fall nearby.",
                instruction="Go into a sturdy building or underground. If there is none, lie down and cover your head.",
            ),
            "ja": Said(
                headline="ミサイル発射。直ちに避難",
                description="ミサイルが発射され、上空を通過または付近に落下するおそれがあります。",
                instruction="頑丈な建物や地下へ。近くに無ければ伏せて頭を守ってください。",
            ),
        },
    ),
}


async def fill(served: Served) -> dict[str, str]:
    """Appoint the invented people, those too whom an older sandbox lacks, and sign the templates; returns a fresh
    sign-in code for each.

    NotAllowed outside the sandbox.
    """
    realm = served.realm
    if served.world is not World.SANDBOX:
        raise NotAllowed("invented people sit in the sandbox only", where="demo")
    known = realm.views.roster.people
    missing = {name: roles for name, roles in PEOPLE.items() if name not in known}
    is_new = not known.keys() & PEOPLE.keys()
    for name, roles in missing.items():
        body = {"roles": sorted(roles), "jurisdiction": EVERYWHERE.to_json(), "title": "invented"}
        await realm.do(lambda n=name, b=body: realm.record("appoint", f"person/{n}", b, by="demo"))  # type: ignore[misc]  # bound defaults
    if is_new:
        assents = await served.door.make_codes("M. Sato", by="demo", count=len(TEMPLATES))
        for (name, form), code in zip(TEMPLATES.items(), assents, strict=True):
            alert = template_of(form, sender=realm.settings.sender, now=realm.now())
            assent = Assent(by=By.CODE, proof=code.encode())

            def prepare(name: str = name, alert: Alert = alert, assent: Assent = assent) -> Prepared:
                written = realm.shelf.write_template(name, alert, by="H. Tanaka", now=realm.now())
                return realm.shelf.sign(
                    Sort.TEMPLATE, name, digest=written.digest, by="M. Sato", now=realm.now(), assent=assent
                )

            await realm.do(prepare)
    codes = {}
    for name in PEOPLE:
        codes[name] = secret.code()
        hashed = {"codes": [hash_secret(spell_code(codes[name])), *realm.views.roster.people[name].codes]}
        await realm.do(lambda n=name, b=hashed: realm.record("make codes", f"person/{n}", b, by="demo"))  # type: ignore[misc]  # bound defaults
    return codes
