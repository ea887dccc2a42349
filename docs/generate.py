"""Writes the reference pages and the JSON Schemas from the code; with `--check`, tells which are stale."""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer
from pydantic import TypeAdapter

from pipelines.cli.main import app
from pipelines.config.sections import LISTS, TABLES, SinkSection
from pipelines.metrics import Tally
from schemas.codec import RECORDS, json_schema
from schemas.failures import Reason
from schemas.published import published

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Written by docs/generate.py from the code; change it there and run `make docs`. -->"
PLAIN_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "table",
}
FORMATS = {"date-time": "instant", "binary": "bytes, as base64", "base64": "bytes, as base64", "path": "path"}


def main() -> int:
    """The exit code: 1 where `--check` finds a stale page."""
    stale = {path: text for path, text in pages() if not path.exists() or path.read_text("utf-8") != text}
    if "--check" in sys.argv:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale; `make docs` writes it anew\n")
        return 1 if stale else 0
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


def pages() -> Iterator[tuple[Path, str]]:
    """Each generated file and what should stand in it."""
    made = {
        "configuration": configuration(),
        "commands": commands(),
        "records": records(),
        "reasons": reasons(),
        "metrics": metrics(),
    }
    for name, blocks in made.items():
        yield ROOT / "docs" / "reference" / f"{name}.md", "\n\n".join([*blocks, NOTE]) + "\n"
    for name, text in published().items():
        yield ROOT / "schemas" / "json" / name, text


def configuration() -> Iterator[str]:
    """The page of every key of the configuration file."""
    yield "# Configuration"
    yield (
        "One TOML file, read and checked once. An unknown key is refused. Durations are written `30s`, `5m`, "
        "`1h30m`. Relative paths start at the folder of the file. A text in `[tocsin]`, `[http]`, "
        "`[metrics]`, a source or a sink may be `env:NAME`: the environment variable NAME holds it."
    )
    tables = {f"[{name}]": kind for name, kind in TABLES.items()}
    lists = {f"[[{name}]]": kind for name, kind in LISTS.items()}
    for heading, kind in {**tables, **lists, "[sinks.NAME]": SinkSection}.items():
        schema = TypeAdapter(kind).json_schema()
        meaning = schema["description"].rpartition("`: ")[2]
        yield f"## `{heading}`"
        yield meaning[0].upper() + meaning[1:]
        yield keys(schema)
    for group, title in (("tocsin.sources", "Kinds of sources"), ("tocsin.sinks", "Kinds of sinks")):
        yield f"## {title}"
        for point in sorted(entry_points(group=group), key=lambda point: point.name):
            found = point.load()
            yield f"### `{point.name}`"
            yield inspect.cleandoc(sys.modules[found.__module__].__doc__ or "")
            yield keys(TypeAdapter(found.Options).json_schema())


def keys(schema: dict[str, Any]) -> str:
    """The table of a section's keys."""
    required = schema.get("required", ())
    rows = [
        (
            f"`{key}`",
            in_words(value).removesuffix(" or null"),
            default(value, required=key in required),
            value.get("description", ""),
        )
        for key, value in schema["properties"].items()
    ]
    return table(("key", "value", "default", "meaning"), rows)


def default(value: dict[str, Any], *, required: bool) -> str:
    """A key's default as it would be written."""
    if required:
        return "required"
    match value.get("default"):
        case None | []:
            return ""
        case list() as many:
            return ", ".join(f"`{each}`" for each in many)
        case float() as seconds if value.get("format") == "duration":
            return f"`{seconds / 60:g}m`" if seconds >= 60 else f"`{seconds:g}s`"
        case float() as number:
            return f"`{number:g}`"
        case other:
            return f"`{other}`"


def commands() -> Iterator[str]:
    """The page of the command line."""
    group: Any = typer.main.get_command(app)
    yield "# Commands"
    yield inspect.cleandoc(group.help)
    yield "## Before any command"
    yield parameters(group.params)
    for name, command in commands_of(group):
        yield f"## `tocsin {name}`"
        yield inspect.cleandoc(command.help)
        if command.params:
            yield parameters(command.params)


def commands_of(group: Any) -> Iterator[tuple[str, Any]]:
    """The commands by name, those of a group within it under both names."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", each) for inner, each in commands_of(command))
        else:
            yield name, command


def parameters(found: Iterable[Any]) -> str:
    """The table of a command's arguments and options."""
    return table(("argument or option", "meaning"), [(written(each), each.help or "") for each in found])


def written(parameter: Any) -> str:
    """How an option or argument is written."""
    if parameter.param_type_name == "argument":
        name = parameter.name.upper()
        return f"`{name}`" if parameter.required else f"`[{name}]`"
    value = "" if parameter.is_flag else f" {parameter.name.upper()}"
    return ", ".join(f"`{each}{value}`" for each in parameter.opts)


def records() -> Iterator[str]:
    """The page of what goes in and out, field by field."""
    yield "# Records"
    yield (
        "Each record is written as one JSON object with its tag in `schema`. Every field is always there; "
        "`null` says that it is not known. The same as JSON Schema: `tocsin schemas`, or `schemas/json`."
    )
    parts: dict[str, Any] = {}
    for tag in RECORDS:
        schema = json_schema(tag)
        parts |= schema.get("$defs", {})
        schema["properties"].pop("schema")
        yield f"## `{tag}`"
        yield schema["description"]
        yield fields(schema)
    yield "## Parts of records"
    for name, schema in sorted(parts.items()):
        yield f"### {name}"
        yield schema["description"]
        if "properties" in schema:
            yield fields(schema)
        else:
            yield ", ".join(f"`{value}`" for value in schema["enum"])


def fields(schema: dict[str, Any]) -> str:
    """The table of a record's fields."""
    rows = [
        (f"`{key}`", in_words(value), value["description"]) for key, value in schema["properties"].items()
    ]
    return table(("field", "value", "meaning"), rows)


def reasons() -> Iterator[str]:
    """The page of why records are dropped or refused."""
    yield "# Reasons"
    yield (
        "Each record that enters a stage leaves it exactly once: emitted, dropped or failed. Why it was "
        "dropped or failed is one of these words; metrics and `tocsin export failures` use the same."
    )
    meanings = texts_after_members(Reason)
    yield table(("reason", "meaning"), [(f"`{each.value}`", meanings[each.name]) for each in Reason])


def texts_after_members(cls: type) -> dict[str, str]:
    """What is written below each member of the class."""
    (tree,) = ast.parse(inspect.getsource(cls)).body
    found = {}
    for member, text in pairwise(getattr(tree, "body", ())):
        match member, text:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(meaning))):
                found[name] = meaning
    return found


def metrics() -> Iterator[str]:
    """The page of the metrics."""
    yield "# Metrics"
    yield "For Prometheus, at `/metrics` of the address that `[metrics]` configures. Labels are closed sets."
    rows = []
    for collector in dict.fromkeys(Tally().registry._collector_to_names):  # noqa: SLF001 - no public list
        (family,) = getattr(collector, "describe")()  # noqa: B009 - the interface lacks it
        labels = ", ".join(f"`{label}`" for label in getattr(collector, "_labelnames", ()))
        suffix = "_total" if family.type == "counter" else ""
        rows.append((f"`{family.name}{suffix}`", family.type, labels, family.documentation))
    yield table(("metric", "type", "labels", "meaning"), rows)


def in_words(value: dict[str, Any]) -> str:
    """What a JSON Schema allows, for people."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        some = [in_words(each) for each in value["anyOf"] if each.get("type") != "null"]
        return " or ".join(some) + (" or null" if len(some) < len(value["anyOf"]) else "")
    if "enum" in value or "const" in value:
        return ", ".join(f"`{each}`" for each in value.get("enum", [value.get("const")]))
    if value.get("type") == "array":
        return f"list of {in_words(value['items'])}" if "items" in value else "list"
    form = value.get("format")
    words = "duration" if form == "duration" else FORMATS.get(str(form)) or PLAIN_TYPES[value["type"]]
    least, most = value.get("minimum"), value.get("maximum")
    if least is not None:
        words += f", {least:g} or more" if most is None else f", {least:g} to {most:g}"
    return words


def table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
