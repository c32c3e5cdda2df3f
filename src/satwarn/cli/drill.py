"""`satwarn drill`: exercise the whole house and see what came of it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(help="Exercise the whole system, and see what came of it.", no_args_is_help=True)

OnOff = Literal["on", "off"]


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="The drill, for instance japan-2017-08-18.")],
    out: Annotated[Path, typer.Option(help="Folder for report.json, receipts.csv and the ledger.")] = Path(
        "drill-report"
    ),
    satellite: Annotated[OnOff, typer.Option(help="The satellite path (gnss, simulated).")] = "on",
    ground: Annotated[OnOff, typer.Option(help="The ground network as a warning path.")] = "on",
    multicast: Annotated[OnOff, typer.Option(help="The wide band: whole alerts by satellite, simulated.")] = "off",
    bandwidth: Annotated[str, typer.Option(help="Of the wide band, 64k to 10M bit/s.")] = "256k",
    loss: Annotated[float, typer.Option(help="Share of copies lost on every path, 0 to 1.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of chance: the same seed gives the same drill.")] = 1,
    fault: Annotated[
        list[str] | None, typer.Option(help="Break a device: NAME or NAME@CODE (see satwarn drill faults); repeatable.")
    ] = None,
    cut: Annotated[
        list[str] | None, typer.Option(metavar="PATH@CODE", help="Cut gnss, multicast or ground at a site; repeatable.")
    ] = None,
    as_it_happened: Annotated[
        bool, typer.Option("--as-it-happened", help="Break what was broken on the day the drill rebuilds.")
    ] = False,
    real_time: Annotated[bool, typer.Option("--real-time", help="At the pace of the wall clock.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report on stdout, nothing else.")] = False,
) -> None:
    """Run a drill. Exit 0 if every due outcome held, 1 if not, 2 for wrong use.

    Examples:

      satwarn drill run japan-2017-08-18 --out drill-report/

      satwarn drill run japan-2017-08-18 --ground off --loss 0.2 --seed 7

      satwarn drill run japan-2017-08-18 --multicast on --satellite off --ground off --loss 0.2

      satwarn drill run japan-2017-08-18 --multicast on --bandwidth 64k

      satwarn drill run japan-2017-08-18 --multicast on --cut gnss@31202 --cut ground@31202

      satwarn drill run japan-2017-08-18 --as-it-happened

      satwarn drill run japan-2017-08-18 --fault speaker-silent --fault mail-cut@38201
    """
    from satwarn.app.hub_band import bandwidth_of
    from satwarn.app.run import run_drill
    from satwarn.app.settings import DrillSettings
    from satwarn.cli.drill_screen import open_screen, show_summary
    from satwarn.drill.scenario import load

    settings = DrillSettings(
        out=out,
        satellite=satellite == "on",
        ground=ground == "on",
        multicast=multicast == "on",
        bandwidth_bit_s=bandwidth_of(bandwidth),
        loss=loss,
        seed=seed,
        real_time=real_time,
        faults=tuple(fault or ()),
        as_it_happened=as_it_happened,
        cuts=tuple(cut or ()),
    )
    with open_screen(load(name), quiet=as_json) as screen:
        report = run_drill(name, settings, watch=screen)
    if as_json:
        typer.echo(report.json_text(), nl=False)
    else:
        show_summary(report, out)
    raise typer.Exit(0 if report.held else 1)


@app.command("list")
def list_drills() -> None:
    """Name the drills there are."""
    from satwarn.drill.scenario import load, names

    for name in names():
        typer.echo(f"{name}  {load(name).title['en']}")


@app.command("faults")
def list_faults(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Name the faults a device of a drill can have, and the site each strikes unless told otherwise.

    Example:

      satwarn drill faults
    """
    import json
    from dataclasses import asdict

    from satwarn.drill.fault import faults

    if as_json:
        typer.echo(json.dumps([asdict(fault) for fault in faults().values()], ensure_ascii=False, indent=1))
        return
    for fault in faults().values():
        typer.echo(f"{fault.name:<20} {fault.site}  {fault.what}")
