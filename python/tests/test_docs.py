"""The examples of the stub's docstrings run; those of the Python files and the README are run by pytest itself."""

from __future__ import annotations

import ast
import doctest
from pathlib import Path

import pytest

import spinecode
from spinecode import _spinecode

STUB = Path(spinecode.__file__).with_name("_spinecode.pyi")


def documented() -> list[tuple[str, int, str]]:
    found = []
    for node in ast.walk(ast.parse(STUB.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.Module):
            text = ast.get_docstring(node)
            if text is not None and ">>>" in text:
                found.append((getattr(node, "name", "module"), getattr(node, "lineno", 0), text))
    return found


@pytest.mark.parametrize(("name", "line", "text"), documented())
def test_examples_of_the_stub_run(name: str, line: int, text: str) -> None:
    example = doctest.DocTestParser().get_doctest(text, {}, name, str(STUB), line)
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(example)
    assert result.failed == 0


def test_the_stub_names_what_the_module_has() -> None:
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    names = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    )
    assert set(names) == {name for name in dir(_spinecode) if not name.startswith("__") or name == "__version__"} - {
        "_spinecode"
    }
