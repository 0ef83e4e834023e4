"""The geometry of a chart: where a server-made drawing has its points, limits, ticks and marks. It draws nothing itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from concerns.reports.control import Limits

WIDTH, HEIGHT = 340, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 14, 24
#: how wide a digit of a number at the edge is
_DIGIT = 6.5
#: beyond so many points not each one gets its name below
_NAMED = 6


@dataclass(frozen=True)
class Dot:
    """What a chart is told of one period; no value is a gap."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    limits: Limits | None = None
    #: more than chance
    signal: bool = False
    #: numbers of the notes that stand at this period
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Point:
    """A drawn point, with its range where it has one."""

    x: float
    y: float
    low: float | None
    high: float | None
    signal: bool


@dataclass(frozen=True)
class Label:
    """A word or a number at the edge."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Chart:
    """A line chart with limits, ready to be drawn."""

    title: str
    points: tuple[Point, ...]
    #: path data: the line, broken at gaps; the mean; the band between the limits
    line: str
    mean: str
    band: str
    ticks: tuple[Label, ...]
    names: tuple[Label, ...]
    notes: tuple[Label, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    count: int
    left: int

    def x(self, place: float) -> float:
        step = (WIDTH - self.left - _RIGHT) / self.count
        return round(self.left + (place + 0.5) * step, 1)

    def y(self, value: float) -> float:
        kept = min(max(value, self.low), self.high)
        share = (kept - self.low) / (self.high - self.low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def line_chart(title: str, dots: Sequence[Dot], *, from_zero: bool = True) -> Chart | None:
    """The chart of a series; None where it has no value at all."""
    values = [value for dot in dots for value in _values(dot)]
    if not values:
        return None
    ticks = _ticks(0 if from_zero else min(values), max(values))
    texts = [f"{tick:,.10g}" for tick in ticks]
    left = max(_LEFT, math.ceil(_DIGIT * max(map(len, texts))) + 8)
    scale = _Scale(ticks[0], ticks[-1], len(dots), left)
    drawn = [(place, dot) for place, dot in enumerate(dots) if dot.value is not None]
    return Chart(
        title,
        tuple(_point(scale, place, dot) for place, dot in drawn),
        _line(scale, dots),
        _steps(scale, dots, "mean"),
        _band(scale, dots),
        tuple(Label(left - 6, scale.y(tick), text, "end") for tick, text in zip(ticks, texts, strict=True)),
        tuple(_names(scale, dots)),
        tuple(
            Label(scale.x(place), _TOP - 3, ", ".join(map(str, dot.notes)))
            for place, dot in enumerate(dots)
            if dot.notes
        ),
        left=left,
    )


def _values(dot: Dot) -> list[float]:
    limits = (dot.limits.low, dot.limits.high) if dot.limits else ()
    return [value for value in (dot.value, dot.low, dot.high, *limits) if value is not None]


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers from at most `low` to at least `high`."""
    spread = max(high - low, abs(high) / 10, 0.5)
    rough = spread / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * times for times in (1, 2, 2.5, 5, 10) if unit * times >= rough)
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    return [round(step * place, 10) for place in range(first, last + 1)]


def _point(scale: _Scale, place: int, dot: Dot) -> Point:
    low = None if dot.low is None else scale.y(dot.low)
    high = None if dot.high is None else scale.y(dot.high)
    return Point(scale.x(place), scale.y(dot.value or 0), low, high, dot.signal)


def _line(scale: _Scale, dots: Sequence[Dot]) -> str:
    path, pen = "", "M"
    for place, dot in enumerate(dots):
        if dot.value is None:
            pen = "M"
            continue
        path += f"{pen}{scale.x(place)} {scale.y(dot.value)}"
        pen = "L"
    return path


def _steps(scale: _Scale, dots: Sequence[Dot], which: str) -> str:
    """A level stretch for each period that has limits."""
    return "".join(
        f"M{scale.x(place - 0.5)} {scale.y(getattr(dot.limits, which))}H{scale.x(place + 0.5)}"
        for place, dot in enumerate(dots)
        if dot.limits
    )


def _band(scale: _Scale, dots: Sequence[Dot]) -> str:
    return "".join(
        f"M{scale.x(place - 0.5)} {scale.y(dot.limits.high)}H{scale.x(place + 0.5)}V{scale.y(dot.limits.low)}H{scale.x(place - 0.5)}Z"
        for place, dot in enumerate(dots)
        if dot.limits
    )


def _names(scale: _Scale, dots: Sequence[Dot]) -> list[Label]:
    """The periods' names: every one, or so many that they do not run into each other, the newest always."""
    every = math.ceil(len(dots) / _NAMED)
    chosen = [place for place in range(len(dots)) if (len(dots) - 1 - place) % every == 0]
    return [Label(scale.x(place), HEIGHT - 8, dots[place].name) for place in chosen]
