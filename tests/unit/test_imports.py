"""Each module of ours can be imported first: none needs itself on the way, whichever command loads it only when it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "complaints", "connectors", "scheduler")


def _modules() -> dict[str, Path]:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    return {name.removesuffix(".__init__"): path for name, path in names.items()}


def _at_once(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Give the imports that run with the module: not those of functions, and not those for the type checker alone."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _loads(name: str, path: Path, modules: Mapping[str, Path]) -> set[str]:
    """Return what must have been loaded before a module is: what it imports, with the packages above that."""
    wanted = set[str]()
    for node in _at_once(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            wanted |= {alias.name for alias in node.names}
        elif node.module is not None:
            wanted |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    above = {".".join(each.split(".")[:depth]) for each in wanted for depth in range(1, each.count(".") + 2)}
    own = {
        ".".join(name.split(".")[:depth]) for depth in range(1, name.count(".") + 2)
    }  # begun already, or we would not be here
    return (above & modules.keys()) - own


def test_no_module_needs_itself_to_be_imported() -> None:
    modules = _modules()
    assert len(modules) > 200
    order = TopologicalSorter({name: _loads(name, path, modules) for name, path in modules.items()})
    try:
        order.prepare()
    except CycleError as error:
        raise AssertionError(" ← ".join(error.args[1])) from None
