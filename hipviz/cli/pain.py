"""The commands that speak of pain: the points and zones, the look-up backwards, and the sheet for a client.

What is felt where lives in the model, what a sheet looks like in `hipviz.ui.sheet`.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hipviz.cli import system
from hipviz.cli.arguments import Options
from hipviz.cli.progress import Progress
from hipviz.model.errors import HipvizError, UsageError
from hipviz.model.state import VIEWS, State
from hipviz.model.units import BANDS, SIDES, Side

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.pain_lookup import Finding, PainMap

WIDTH = 96


def add_pain(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add `pain` and what can be said with it."""
    pain = command("pain", "List trigger points and zones, or look up where pain may come from.")
    where = pain.add_mutually_exclusive_group()
    where.add_argument(
        "--at",
        type=_place,
        metavar="X,Y,Z",
        help="look up a place on the skin: mm to the right, forwards and up from between the hip joints "
        "(write --at=-30,… when it begins with a minus)",
    )
    where.add_argument(
        "--region", metavar="NAME", help='look up a region, e.g. "sacrum" or "left side of the hip"'
    )
    pain.add_argument("--side", choices=SIDES, help="only this side of a region, or of the list; default both")
    pain.add_argument("--wording", choices=("plain", "clinical", "sources"), help="words to use, default plain")
    pain.add_argument("--json", action="store_true", help="print JSON instead of text")


def pain(options: Options) -> int:
    """Print the trigger points with their zones, or the answer for a place or a region."""
    from hipviz.cli.output import load

    wording: str = getattr(options, "wording", "plain")
    with Progress() as progress:
        anatomy = load(progress, options)
        progress("Looking it up", 0.95)
        lookup = anatomy.pain
        side: Side | None = getattr(options, "side", None)
        if "at" in options:
            finding = lookup.at(lookup.spots(options.at))
        elif "region" in options:
            region, sides = lookup.words.asked(options.region)
            if side is not None:
                sides = (side,)
            finding = lookup.over_all(tuple((region.id, each) for each in sides))
        else:
            finding = None
    as_json = getattr(options, "json", False)
    if finding is None:
        points = list(listed(anatomy, wording, side))
        print(json.dumps(points, indent=2, ensure_ascii=False) if as_json else "\n\n".join(map(paragraph, points)))
    elif as_json:
        print(json.dumps(answered(finding, wording), indent=2, ensure_ascii=False))
    else:
        print("\n".join(told(finding, lookup, wording)))
    return 0


def listed(anatomy: Anatomy, wording: str, only: Side | None = None) -> Iterator[dict[str, Any]]:
    """Yield a record of each trigger point, with the place of its X in the neutral standing posture."""
    from hipviz.model.pose import Posture

    figure = anatomy.figure(Posture())
    for side in SIDES:
        for band in BANDS:
            if (band, side) not in anatomy.zones or only not in (None, side):
                continue
            point = anatomy.zones[band, side].point
            place, _ = anatomy.trigger_point(band, side, figure)
            sources = dict.fromkeys(name for said in point.statements for name in said.sources)
            yield {
                "name": point.name.in_register(wording),
                "number": point.number,
                "band": band,
                "side": side,
                "position_mm": [round(float(value), 1) for value in place],
                "place": point.place.in_register(wording),
                "essential": point.essential.where.in_register(wording),
                "spillover": point.spillover.where.in_register(wording),
                "disagreements": [said.in_register(wording) for said in point.disagreements],
                "sources": [anatomy.words.sources[name].full for name in sources],
            }


def paragraph(record: dict[str, Any]) -> str:
    """Return the record of a trigger point for people."""
    x, y, z = record["position_mm"]
    lines = [
        f"{record['name']}, {record['side']} side: X at {x:g}, {y:g}, {z:g} mm",
        *wrapped(record["place"]),
        *wrapped(f"Felt: {record['essential']}"),
        *wrapped(f"May spread: {record['spillover']}"),
        *(line for said in record["disagreements"] for line in wrapped(f"Sources differ: {said}")),
    ]
    return "\n".join(lines)


def answered(finding: Finding, wording: str) -> list[dict[str, Any]]:
    """Return the answers of a look-up as plain records, best first."""
    return [
        {
            "band": answer.band,
            "side": answer.side,
            "kind": answer.kind,
            "weight": answer.weight,
            "why": answer.why.in_register(wording),
        }
        for answer in finding.answers
    ]


def told(finding: Finding, lookup: PainMap, wording: str) -> Iterator[str]:
    """Yield the lines of a whole answer: bands, other usual suspects, red flags."""
    words = lookup.words
    spoken = [f"{words.regions[name].name.in_register(wording)} ({side})" for name, side in finding.regions]
    yield f"Where: {', '.join(spoken) or 'no named region'}"
    yield ""
    for number, answer in enumerate(finding.answers, start=1):
        yield from wrapped(f"{number}. {answer.why.in_register(wording)}")
    if not finding.answers:
        yield from wrapped(words.phrases["nothing"].in_register(wording))
    if finding.suspects:
        yield ""
        yield "Other usual suspects:"
        for suspect in finding.suspects:
            yield from wrapped(f"- {suspect.name.in_register(wording)}: {suspect.why.in_register(wording)}")
    yield ""
    yield "See a clinician with any of these:"
    for flag in finding.flags:
        yield from wrapped(f"- {flag.says.in_register(wording)}{' (at once)' if flag.urgent else ''}")
    yield ""
    yield from wrapped(words.phrases["pattern"].in_register(wording), indent="")


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """Return a sentence as indented lines of a terminal's width."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def _place(text: str) -> tuple[float, float, float]:
    parts = text.replace(";", ",").split(",")
    try:
        x, y, z = (float(part) for part in parts)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a place like 40,-95,30") from None
    return x, y, z


def add_sheet(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add `sheet` and what can be said with it."""
    made = command("sheet", "Write the page that a client takes home: a PDF, or a PNG.")
    made.add_argument("out", metavar="OUT.pdf", type=Path, help="file to write, .pdf or .png")
    made.add_argument("--band", choices=BANDS, required=True, help="the band that it is about")
    made.add_argument("--side", choices=SIDES, help="default right")
    made.add_argument("--exercises", metavar="NAME,NAME", help="up to three, e.g. clamshell,side_lying_raise")
    made.add_argument("--paper", choices=("A4", "Letter"), help="default A4")
    made.add_argument("--view", choices=VIEWS, help="where to look from, default: what suits the movement")
    made.add_argument("--wording", choices=("plain", "clinical"), help="words to use, default plain")
    made.add_argument("--xray", action="store_true", help="look through the skin around the band's point")
    made.add_argument("--notes", metavar="TEXT", help="written on the page")


def sheet(options: Options) -> int:
    """Write the sheet of a band."""
    target: Path = options.out
    kind = target.suffix.lower()
    if kind not in (".pdf", ".png"):
        raise UsageError(f"'{target}': the sheet is a PDF or a PNG, so its name must end in .pdf or .png.")
    names = tuple(name.strip() for name in getattr(options, "exercises", "").split(",") if name.strip())
    if fault := system.library_fault(window=False):
        raise HipvizError(fault)
    from hipviz.cli.output import load, writing

    with Progress() as progress, writing(target) as temporary:
        anatomy = load(progress, options)
        from hipviz.cli.picture import encoded
        from hipviz.ui import sheet as page

        guidance = anatomy.guidance
        page.chosen(guidance, names)
        state = State(
            band=options.band,
            side=getattr(options, "side", "right"),
            view=getattr(options, "view", None),
            wording=getattr(options, "wording", "plain"),
            xray="xray" in options,
        )
        wanted = page.Sheet(
            state, names, notes=getattr(options, "notes", ""), paper=getattr(options, "paper", "A4")
        )
        progress("Drawing", 0.9)
        drawn = page.pictures(anatomy, guidance, wanted)
        if kind == ".pdf":
            temporary.write_bytes(page.pdf(wanted, anatomy, guidance, drawn))
        else:
            temporary.write_bytes(encoded(page.image(wanted, anatomy, guidance, drawn)))
    return 0
