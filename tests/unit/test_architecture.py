"""The rules of the tree that no linter knows: sizes, colours, docstrings, where a broad catch may stand."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("schemas", "connectors", "pipelines")
CODE = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
TESTS = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "tests").rglob("*.py"))
}
NEWSDAY = [tree for path, tree in TESTS.items() if path.startswith("tests/corpus/newsday/")]
PURE = ("schemas/", "pipelines/text/", "pipelines/topics/", "pipelines/memory/")
READS_ITS_MODELS = ("pipelines/memory/encoders/load.py", "pipelines/text/language.py")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lines_of(path: str) -> int:
    """How many lines the file has."""
    return len((ROOT / path).read_text("utf-8").splitlines())


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods, nested ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]


def public(tree: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The public functions and classes of a module or class, and theirs in turn."""
    found = []
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += public(node)
    return found


def imported(tree: ast.AST) -> set[str]:
    """The absolute names of all modules that are imported."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module)
    return names


def test_modules_are_short():
    """A module has 300 lines at most."""
    assert [path for path in {**CODE, **TESTS} if lines_of(path) > 300] == []


def test_the_graph_fits_one_screen():
    """`pipelines/alerting.py` has 80 lines at most."""
    assert lines_of("pipelines/alerting.py") <= 80


def test_functions_are_short():
    """A function has 40 lines at most, decorators apart."""
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in {**CODE, **TESTS}.items()
        for node in functions(tree)
        if node.end_lineno - node.lineno + 1 > 40
    ]
    assert long == []


def test_functions_take_few_parameters():
    """Five parameters at most, then an options record; a command's options are its interface."""
    many = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in CODE.items()
        for node in functions(tree)
        if not path.startswith("pipelines/cli/") and len(parameters(node)) > 5
    ]
    assert many == []


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The names of a function's parameters, without the object itself."""
    names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


def test_everything_public_has_a_docstring():
    """Modules, classes, functions and methods that a reader may meet."""
    bare = [path for path, tree in CODE.items() if not ast.get_docstring(tree)]
    bare += [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in CODE.items()
        for node in public(tree)
        if not ast.get_docstring(node)
    ]
    assert bare == []


def test_every_field_of_a_record_is_explained():
    """Each field of a public record is followed by its sentence."""
    bare = [
        f"{path}:{field.lineno} {node.name}.{ast.unparse(field.target)}"
        for path, tree in CODE.items()
        for node in public(tree)
        if isinstance(node, ast.ClassDef) and is_record(node)
        for field, after in zip(node.body, [*node.body[1:], None], strict=True)
        if isinstance(field, ast.AnnAssign) and not is_text(after)
    ]
    assert bare == []


def is_record(node: ast.ClassDef) -> bool:
    """Whether the class is declared with `schemas.record.record`."""
    return any(isinstance(each, ast.Name) and each.id == "record" for each in node.decorator_list)


def is_text(node: ast.stmt | None) -> bool:
    """Whether the statement is a bare string."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def test_everything_public_is_annotated():
    """Parameters and results of what a reader may meet."""
    bare = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in CODE.items()
        for node in functions(tree)
        if node.returns is None or any(arg.annotation is None for arg in arguments(node))
    ]
    assert bare == []


def arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """A function's parameters, starred ones too, without the object itself."""
    all_of_them = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    starred = [arg for arg in (node.args.vararg, node.args.kwarg) if arg is not None]
    return [arg for arg in all_of_them + starred if arg.arg not in ("self", "cls")]


def test_every_test_says_what_it_shows():
    """Each test function has a docstring, of one sentence."""
    bare = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in TESTS.items()
        for node in functions(tree)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert bare == []


def test_names_say_what_a_module_is_for():
    """No module is a bag of leftovers."""
    leftovers = re.compile(r"(^|/|_)(utils?|helpers?|common|base|misc)(\.py|/|_|$)")
    assert [path for path in {**CODE, **TESTS} if leftovers.search(path)] == []


def test_one_place_catches_everything():
    """A broad catch stands in `attempt` alone."""
    broad = [
        path
        for path, tree in CODE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and catches_everything(node.type)
    ]
    assert set(broad) <= {"pipelines/transforms/attempt.py"}


def catches_everything(caught: ast.expr | None) -> bool:
    """Whether an except clause names no error, or one that all errors are."""
    if isinstance(caught, ast.Tuple):
        return any(catches_everything(each) for each in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def test_logic_does_not_touch_the_world():
    """Records and pure logic import nothing that reads a clock, a file, a socket or chance."""
    world = {
        "os",
        "io",
        "time",
        "random",
        "secrets",
        "socket",
        "subprocess",
        "pathlib",
        "logging",
        "threading",
    }
    touching = [
        f"{path}: {name}"
        for path, tree in CODE.items()
        if path.startswith(PURE) and path not in READS_ITS_MODELS
        for name in imported(tree)
        if name.partition(".")[0] in world
    ]
    assert touching == []


def test_dependencies_are_what_is_imported():
    """What the code imports is declared, and nothing else but what a library asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {plain(re.split(r"[^\w.-]", each)[0]) for each in project["dependencies"]}
    # by httpx for HTTP/2, by trafilatura, by sqlalchemy for PostgreSQL
    asked_for = {"h2", "lxml-html-clean", "psycopg"}
    distributions = packages_distributions()
    names = {module.partition(".")[0] for tree in (*CODE.values(), *NEWSDAY) for module in imported(tree)}
    used = {
        plain(each)
        for name in names - {*sys.stdlib_module_names, *PACKAGES}
        for each in distributions.get(name, [name])
    }
    assert declared == used | asked_for


def plain(name: str) -> str:
    """A distribution's name as registries compare it."""
    return name.lower().replace("_", "-")


def test_logic_loads_without_beam():
    """Importing all but the graph and its cycle does not import Beam, which takes longer than the rest."""
    modules = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in CODE
        if path.startswith(
            (*PURE, "connectors/", "pipelines/collect/", "pipelines/config/", "pipelines/publish.py")
        )
    ]
    code = f"import sys, {', '.join(modules)}; sys.exit('apache_beam' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
