"""How a figure is printed."""

from __future__ import annotations


def head() -> None:
    print(f"     {'what':44} {'measured':>16}  {'against':34} {'ratio':>8}   goal", flush=True)


def row(name: str, measured: str, against: str, ratio: str, goal: str, reached: bool) -> None:
    mark = "ok  " if reached else "MISS"
    print(f"{mark} {name:44} {measured:>16}  {against:34} {ratio:>8}   {goal}", flush=True)


def note(text: str) -> None:
    """What a figure rests on; no figure of its own."""
    print(f"       {text}", flush=True)
