"""Owns what a test process makes once for all the apps it makes: compiled addresses, templates, statements, catalogues.

Each test has an app and an engine of its own, so that nothing of one test reaches the next. What the libraries compile
for them depends on the text of a rule, a template or a statement alone, is the same every time, and was half of a run.
"""

from types import CodeType
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing.rules import Rule

from app.core.db import db

COMPILED = (
    "_parts",
    "_trace",
    "_converters",
    "arguments",
)  # what `Rule.compile` sets beside its two builders

_rules: dict[tuple[object, ...], tuple[dict[str, Any], Any, Any]] = {}
_statements: LRUCache[Any, Any] = LRUCache(5000)
_catalogues: dict[object, Any] = {}


def keep_addresses() -> None:
    """Lets a rule for addresses that was compiled once in this process be used by every later app."""
    compile_rule = Rule.compile

    def remembered(rule: Rule) -> None:
        assert rule.map is not None
        places = (rule.map.host_matching, rule.merge_slashes)
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), *places)
        if key not in _rules:
            compile_rule(rule)
            made: Any = rule
            kept = {name: getattr(rule, name) for name in COMPILED}
            _rules[key] = kept, made._build.__func__, made._build_unknown.__func__
            return
        kept, build, build_unknown = _rules[key]
        vars(rule).update(kept, _build=build.__get__(rule), _build_unknown=build_unknown.__get__(rule))

    Rule.compile = remembered  # type: ignore[method-assign]


class TemplatesOfProcess(BytecodeCache):
    """Templates as compiled by the first app that showed them; their checksum is checked by Jinja itself."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Puts the template's code into the bucket when this very source was compiled before."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a template that was just compiled."""
        if bucket.code is not None:
            self.kept[bucket.key, bucket.checksum] = bucket.code


_templates = TemplatesOfProcess()


def share(app: Flask) -> None:
    """Lets the app use what earlier apps of this process compiled."""
    app.jinja_env.bytecode_cache = _templates
    app.extensions["babel"].instance.domain_instance.cache = _catalogues
    with app.app_context():
        engine: sa.Engine = db.engine
        engine.update_execution_options(compiled_cache=_statements)


def _same_kind(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def _kind(dialect: object) -> int:
    return hash(type(dialect))


def make_dialects_equal() -> None:
    """Makes dialects of one kind equal: the tests talk to one SQLite library and one PostgreSQL server."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = _same_kind  # type: ignore[method-assign, assignment]
        dialect.__hash__ = _kind  # type: ignore[method-assign, assignment]
