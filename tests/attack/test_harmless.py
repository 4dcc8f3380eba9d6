"""Checks that the reader of pages sees each kind of fault it is meant to see."""

import pytest

from tests.attack.harmless import faults, words


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<script src="https://evil.example/x.js"></script>',
        "<p onclick=alert(1)>x</p>",
        '<p style="color:red">x</p>',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<img src="https://evil.example/p.gif">',
        '<form action="https://evil.example/">',
        "<iframe></iframe>",
        '<meta http-equiv="refresh" content="0;url=//evil.example">',
        "<svg><animate attributeName=href></svg>",
        '<base href="//evil.example/">',
    ],
)
def test_each_kind_of_fault_is_seen(html: str) -> None:
    assert faults(f"<!doctype html><h1>x</h1>{html}")


def test_words_in_entities_are_words_and_no_fault() -> None:
    html = '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><a href="https://example.com/">x</a><img src="/static/a.svg">'
    assert not faults(html)
    assert "<script>alert(1)</script>" in words(html)
