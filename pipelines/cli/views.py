"""How things look in a terminal: tables, progress, alerts. Plain where the output is not a terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from connectors.sinks.rendering import plain, render_alert
from schemas.alerts import Alert, Judgement, Verdict
from schemas.errors import TocsinError

if TYPE_CHECKING:
    from pipelines.metrics import Tally

# In a file or a pipe, a line is as long as it is: a folded link cannot be followed.
_WIDTH = None if sys.stdout.isatty() else 400

out = Console(highlight=False, width=_WIDTH)
"""What was asked for: standard output."""
err = Console(stderr=True, highlight=False)
"""What is told on the way: standard error."""

COLOURS = {
    Verdict.NEW: "green",
    Verdict.UPDATE: "yellow",
    Verdict.CONFLICT: "red",
    Verdict.REPEAT: "dim",
}
"""How a verdict is told from the others at a glance."""
_OF_A_FINDING = 2
"""Depth of a finding's own line; its evidence lies deeper."""


def tell(error: TocsinError) -> None:
    """The error in one line, and what to do about it, on standard error."""
    _say("error", "bold red", str(error))
    if error.hint:
        _say("hint", "bold", error.hint)


def warn(trouble: str) -> None:
    """Trouble that stops nothing, in one line on standard error."""
    _say("warning", "bold yellow", trouble)


def _say(kind: str, style: str, message: str) -> None:
    # Never folded: who searches a log finds the whole message on its line.
    err.print(Text.assemble((f"{kind}: ", style), message), soft_wrap=True)


@contextmanager
def cycle_progress(console: Console) -> Iterator["_Advance"]:
    """A progress bar over pages, which goes away when done; called after each cycle."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Advance(progress)


@contextmanager
def copy_progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """A progress bar over rows, which goes away when done; told how many are copied, and of how many."""
    columns = (
        TextColumn("copying"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("copying", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class _Advance:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("collecting", total=None)

    def __call__(self, pages: int, waiting: int) -> None:
        done = self._progress.tasks[0].completed + pages
        self._progress.update(self._task, description="judging", completed=done, total=done + waiting)


def conservation_table(tally: "Tally") -> Table:
    """What entered each stage and how it left: in = emitted + dropped + failed."""
    table = Table(title="Every record that enters a stage leaves it once", title_justify="left")
    for name in ("stage", "in", "emitted", "dropped", "failed", "out", "adds up"):
        table.add_column(name, justify="left" if name in {"stage", "dropped", "failed"} else "right")
    for each in tally.stages():
        table.add_row(
            each.stage,
            str(each.entered),
            str(each.emitted),
            _reasons(each.dropped),
            _reasons(each.failed),
            str(each.out),
            "yes" if each.balanced else "[bold red]NO[/]",
        )
    return table


def _reasons(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    named = ", ".join(f"{count} {reason}" for reason, count in counts.items())
    return f"{total}: {named}" if total else "0"


def rows(title: str, names: Iterable[str], lines: Iterable[tuple[str, ...]]) -> Table:
    """A plain table."""
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, overflow="fold")
    for line in lines:
        table.add_row(*map(Text, line))
    return table


def alert_view(alert: Alert, *, most: int = 10) -> Group:
    """The alert as it is sent, indented and coloured by what was found."""
    return Group(*map(_hanging, render_alert(alert, most=most).splitlines()))


def _hanging(line: str) -> Padding:
    """The line, folded under its own beginning."""
    shown = Text(line.lstrip())
    for verdict, colour in COLOURS.items():
        if shown.plain.startswith(f"{verdict.upper()} "):
            shown.stylize(f"bold {colour}", 0, len(verdict))
    depth = len(line) - len(shown.plain)
    if depth == 0:
        shown.stylize("bold")
    elif depth > _OF_A_FINDING:
        shown.stylize("dim")
    return Padding(shown, (0, 0, 0, depth), expand=False)


def found_view(found: Judgement) -> Group:
    """One claim that was looked for: when, what it was, who said it, where, and its id."""
    head = f"{found.article.observed_at:%Y-%m-%d %H:%M}  {found.verdict} for {found.topic}"
    who = " · ".join(filter(None, (found.article.publisher, found.claim.speaker, found.claim.id[:12])))
    return Group(
        _plain(f"{head} · {who}", COLOURS[found.verdict]),
        _plain(f"    {found.claim.text}"),
        _plain(f"    {found.article.url}", "dim"),
    )


def story_timeline(sayings: Sequence[Judgement]) -> Group:
    """A claim's sayings in order, by story; what differs stands under the story that it is about."""
    first = sayings[0]
    lines = [_plain(f"First said by {first.article.publisher or first.article.url}", "bold")]
    marks = {story: mark for mark, story in enumerate(dict.fromkeys(each.story for each in sayings), 1)}
    for each in sayings:
        about = f" of {marks[each.of]}" if each.of in marks else ""
        head = f"{each.article.observed_at:%d %b %H:%M}  [{marks[each.story]}] {each.verdict}{about}"
        who = " · ".join(filter(None, (each.article.publisher, each.claim.speaker, f"origin {each.origin}")))
        lines += [_plain(f"{head} · {who}", COLOURS[each.verdict]), _plain(f"    {each.claim.text}")]
        lines += [_plain(f"    {each.article.url}", "dim")]
    origins = sorted({each.origin for each in sayings})
    lines.append(_plain(f"{len(sayings)} sayings, {len(origins)} independent origins: {', '.join(origins)}"))
    return Group(*lines)


def _plain(line: str, style: str = "") -> Text:
    """The line behind its indentation, with nothing in it that a terminal obeys."""
    depth = len(line) - len(line.lstrip(" "))
    return Text(" " * depth + plain(line), style)
