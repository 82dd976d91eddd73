"""Private parts of other packages: each does what docs/borrowed.md says, and no other is used."""

from __future__ import annotations

import ast
import ctypes
import importlib
import re
import sys
import tomllib
from pathlib import Path

import cmarkgfm
import pytest
import sqlalchemy as sa
from packaging.requirements import Requirement
from prometheus_client import CollectorRegistry, Counter, values
from sqlalchemy.dialects import sqlite
from urllib3.connection import HTTPSConnection

ROOT = Path(__file__).parent.parent
SOURCES = [path for path in (ROOT / "api").rglob("*.py") if "versions" not in path.parts]
PAGE = re.findall(r"(?m)^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` ", (ROOT / "docs/borrowed.md").read_text())
DOCUMENTED = {"_asdict", "_make", "_mapping", "_fields", "_replace", "_exit"}
"""Of named tuples, rows and `os`: private only in their spelling."""


def test_sqlalchemy_wraps_an_error_of_the_driver_as_its_own():
    with sa.create_engine("sqlite://").connect() as connection:
        error = connection.dialect.loaded_dbapi.OperationalError("disk I/O error")

        with pytest.raises(sa.exc.OperationalError, match="SELECT 1") as wrapped:
            connection._handle_dbapi_exception(error, "SELECT 1", None, None, None)

    assert wrapped.value.orig is error


def test_sqlalchemys_pool_replaces_idle_connections_and_forgets_none_in_use(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    lost, used = engine.connect(), engine.connect()
    with engine.connect() as idle:
        old = idle.connection.driver_connection

    engine.pool._invalidate(lost.connection, ConnectionError("lost"))
    lost.close()
    fresh = engine.connect()

    assert fresh.connection.driver_connection is not old
    assert used.scalar(sa.select(1)) == 1
    assert engine.pool.checkedout() == 2
    for connection in (used, fresh):
        connection.close()
    engine.dispose()


def test_sqlalchemy_names_what_converts_each_parameter():
    statement = sa.select(sa.bindparam("on", type_=sa.Boolean), sa.bindparam("text", type_=sa.Text))
    compiled = statement.compile(dialect=sqlite.dialect())

    assert compiled._bind_processors["on"](True) == 1
    assert set(compiled._bind_processors) == {"on"}
    assert (compiled.positiontup, list(compiled.binds)) == (["on", "text"], ["on", "text"])


def test_prometheus_client_makes_every_value_by_the_class_that_was_set_last(monkeypatch):
    made = []

    def make(*arguments, **options):
        made.append(arguments[1])
        return values.MutexValue(*arguments, **options)

    monkeypatch.setattr(values, "ValueClass", make)

    Counter("things", "Things.", registry=CollectorRegistry())

    assert made == ["things"]


def test_prometheus_client_writes_the_values_of_a_slot_into_its_file(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    value = values.MultiProcessValue(lambda: 7)("counter", "things", "things_total", (), (), "Things.")
    value.inc(1)

    assert [file.name for file in tmp_path.iterdir()] == ["counter_7.db"]


def test_cmarkgfms_library_renders_and_frees_a_document():
    library, cmark = ctypes.CDLL(cmarkgfm._cmark.__file__), cmarkgfm.cmark
    parser = cmark.parser_new(0)
    cmark.parser_feed(parser, "*a*")
    document = cmark.parser_finish(parser)
    ffi, lib = cmarkgfm._cmark.ffi, cmarkgfm._cmark.lib

    rendered = lib.cmark_render_html(document, 0, cmark.parser_get_syntax_extensions(parser))

    assert ffi.string(rendered) == b"<p><em>a</em></p>\n"
    library.free(ctypes.c_void_p(int(ffi.cast("uintptr_t", rendered))))
    library.cmark_node_free(ctypes.c_void_p(int(ffi.cast("uintptr_t", document))))
    cmark.parser_free(parser)


def test_urllib3_connects_by_the_method_that_a_subclass_replaces():
    class Ours(HTTPSConnection):
        def _new_conn(self):
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        Ours("hooks.test", 443).request("POST", "/")


def test_every_package_on_the_page_has_an_upper_bound():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounds = {r.name: str(r.specifier) for r in map(Requirement, project["dependencies"])}

    assert [package for _, package, _ in PAGE if "<" not in bounds.get(package, "")] == []


def test_every_private_name_that_is_used_is_on_the_page_and_none_that_is_not():
    trees = {path: ast.parse(path.read_text()) for path in SOURCES}
    inherited = {path: set(replaced(path, tree)) for path, tree in trees.items()}
    own = {name for tree in trees.values() for name in defined(tree)} - set().union(*inherited.values())

    used = {
        (name, str(path.relative_to(ROOT)))
        for path, tree in trees.items()
        for name in {*read(tree), *inherited[path]} - own - DOCUMENTED
        if name.startswith("_") and not name.startswith("__")
    }

    listed = {(name.rpartition(".")[2], file) for name, _, file in PAGE}
    assert used == {(name, file) for name, file in listed if name.startswith("_")}
    assert [name for name, file in listed if name not in (ROOT / file).read_text()] == []


def read(tree):
    """The names that a module imports or asks of an object."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=imported):
                yield from (alias.name for alias in imported)
            case ast.Attribute(attr=name):
                yield name
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                yield name


def defined(tree):
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def replaced(path, tree):
    """The methods of another package's class that a class of this module replaces."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.bases:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            bases = getattr(importlib.import_module(module), node.name).__mro__[1:]
            foreign = [base for base in bases if is_foreign(base.__module__.partition(".")[0])]
            yield from (name for name in defined(node) if any(name in vars(base) for base in foreign))


def is_foreign(package):
    return package != "api" and package not in sys.stdlib_module_names
