"""Compares what docstrings say with what the code has, by reading the source alone.

Two rules. Every public module, class and module-level function has a docstring. A name listed
under ``Parameters`` (or ``Attributes`` of a class) exists, once, and in the order of the signature.
Leaving a name out is allowed; naming one that is gone is not.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

_UNDERLINE = re.compile(r"-{3,}\s*$")
_ENTRY = re.compile(r"(?P<names>\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)(?P<rest>\s*:.*)?$")
# Bases that bring no arguments and no attributes of their own.
_EMPTY_BASES = {"object", "Protocol", "Generic", "NamedTuple", "Enum", "StrEnum", "IntEnum", "ABC"}


def section(docstring: str, title: str) -> list[str]:
    """Entry lines of one section: those at its left edge, without their descriptions."""
    lines = inspect.cleandoc(docstring).splitlines()
    for start, line in enumerate(lines[:-1]):
        if line.strip() == title and _UNDERLINE.match(lines[start + 1]):
            break
    else:
        return []
    entries = []
    body = lines[start + 2 :]
    for line, following in zip(body, [*body[1:], ""], strict=True):
        if _UNDERLINE.match(following) and line.strip():
            break
        if line.strip() and not line.startswith(" "):
            entries.append(line.strip())
    return entries


def documented(docstring: str, title: str) -> Iterator[tuple[str, str]]:
    """Names of one section, each with a complaint about its line ('' when it is well formed)."""
    for entry in section(docstring, title):
        found = _ENTRY.match(entry)
        if found is None:
            yield entry, f"has the line '{entry}', which is not 'name : type'"
            continue
        rest = found["rest"]
        if rest and not rest.startswith(" "):
            yield entry, f"has the line '{entry}': put a space before the colon"
            continue
        for name in found["names"].split(","):
            yield name.strip().lstrip("*"), ""


def argument_names(function: Function) -> list[str]:
    """Names in the order of the signature, without self and cls."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    if positional and positional[0].arg in {"self", "cls"}:
        positional = positional[1:]
    names = [argument.arg for argument in positional]
    if spec.vararg:
        names.append(spec.vararg.arg)
    names += [argument.arg for argument in spec.kwonlyargs]
    if spec.kwarg:
        names.append(spec.kwarg.arg)
    return names


def base_names(node: ast.ClassDef) -> list[str]:
    """Last name of each base: `Protocol` for `typing.Protocol`, `Generic` for `Generic[T]`."""
    names = []
    for base in node.bases:
        inner = base.value if isinstance(base, ast.Subscript) else base
        names.append(inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "?"))
    return names


def ancestry(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef] | None:
    """The class and its bases, furthest first; None when a base lives in another module."""
    line: list[ast.ClassDef] = []
    for name in base_names(node):
        if name in _EMPTY_BASES:
            continue
        above = ancestry(classes[name], classes) if name in classes else None
        if above is None:
            return None
        line += above
    return [*line, node]


def constructor_names(line: list[ast.ClassDef]) -> list[str]:
    """What the class is made with: the arguments of `__init__`, else its annotated fields."""
    for node in reversed(line):
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name == "__init__":
                return argument_names(item)
    return [name for node in line for name in fields(node)]


def fields(node: ast.ClassDef) -> list[str]:
    """Annotated names in the body of a class, as dataclasses and settings have them."""
    return [
        item.target.id
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    ]


def attribute_names(node: ast.ClassDef) -> set[str]:
    """Everything reachable on an instance: fields, class values, properties, `self.x = ...`."""
    names = set(fields(node))
    for item in ast.walk(node):
        if isinstance(item, Function):
            names.add(item.name)
        elif isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store):
            names.add(item.attr)
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            names.add(item.id)
    return names


def name_complaints(docstring: str, title: str, real: list[str], ordered: bool) -> Iterator[str]:
    """What is wrong with the names of one section, as the ends of sentences."""
    kind = "argument" if title == "Parameters" else "attribute"
    known = []
    for name, complaint in documented(docstring, title):
        if complaint:
            yield complaint
        elif name not in real:
            there = f"; there are: {', '.join(real)}" if real and ordered else ""
            yield f"documents '{name}', which is not an {kind}{there}"
        elif name in known:
            yield f"documents '{name}' twice"
        else:
            known.append(name)
    if ordered and known != sorted(known, key=real.index):
        yield f"documents its arguments in another order than the signature has: {', '.join(real)}"


def function_complaints(node: Function) -> Iterator[tuple[int, str]]:
    """Complaints about one function or method that has a docstring."""
    docstring = ast.get_docstring(node, clean=False)
    if docstring:
        for title in ("Parameters", "Other Parameters"):
            for complaint in name_complaints(docstring, title, argument_names(node), True):
                yield node.lineno, f"'{node.name}' {complaint}"


def class_complaints(
    node: ast.ClassDef, classes: dict[str, ast.ClassDef]
) -> Iterator[tuple[int, str]]:
    """Complaints about one class that has a docstring; silent where a base is out of sight."""
    docstring = ast.get_docstring(node, clean=False)
    line = ancestry(node, classes)
    if not docstring or line is None:
        return
    for complaint in name_complaints(docstring, "Parameters", constructor_names(line), True):
        yield node.lineno, f"'{node.name}' {complaint}"
    attributes = sorted(set().union(*(attribute_names(part) for part in line)))
    for complaint in name_complaints(docstring, "Attributes", attributes, False):
        yield node.lineno, f"'{node.name}' {complaint}"


def missing_docstrings(tree: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    """Public modules, classes and module-level functions without a docstring."""
    inner = [part for part in path.with_suffix("").parts if part not in {"__init__", "__main__"}]
    if any(part.startswith("_") for part in inner):
        return
    if ast.get_docstring(tree) is None:
        yield 1, "the module has no docstring"
    for node in tree.body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        if is_overload(node):
            continue
        if ast.get_docstring(node) is None:
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            yield node.lineno, f"the public {kind} '{node.name}' has no docstring"


def is_overload(node: ast.ClassDef | Function) -> bool:
    """Whether this is one of several signatures: the last one carries the docstring."""
    return any(ast.unparse(decorator).endswith("overload") for decorator in node.decorator_list)


def complaints(source: str, path: Path) -> list[tuple[int, str]]:
    """All complaints about one file, by line."""
    tree = ast.parse(source, str(path))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found = list(missing_docstrings(tree, path))
    for node in ast.walk(tree):
        if isinstance(node, Function):
            found += function_complaints(node)
        elif isinstance(node, ast.ClassDef):
            found += class_complaints(node, classes)
    return sorted(found)


def main(arguments: list[str]) -> int:
    """Print a line for each complaint. 0: none; 1: some; 2: no such path."""
    files: list[tuple[Path, Path]] = []
    for root in map(Path, arguments or ["motionapp"]):
        if not root.exists():
            print(f"check_docstrings: there is no '{root}' here; run it from the checkout's root.")
            return 2
        here = sorted(root.rglob("*.py")) if root.is_dir() else [root]
        files += [(path, path.relative_to(root.parent)) for path in here]
    count = 0
    for path, inside in files:
        for line, complaint in complaints(path.read_text(encoding="utf-8"), inside):
            print(f"{path}:{line}: {complaint}")
            count += 1
    if count:
        print(f"{count} to put right.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
