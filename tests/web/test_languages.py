"""Which language a page is in, what is shown when a text is missing, catalogues that are complete."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from werkzeug.datastructures import LanguageAccept

from app.web.language import read_catalogues, select_language

ROOM = Path(__file__).resolve().parents[2] / "app" / "web"


@pytest.mark.parametrize(
    ("asked", "cookie", "profile", "accepted", "chosen"),
    [
        ("en", "zh", "zh", [("zh", 1)], "en"),
        (None, "en", "zh", [("zh", 1)], "en"),
        (None, None, "en", [("zh", 1)], "en"),
        (None, None, None, [("en-GB", 1)], "en"),
        (None, None, None, [("fr", 1), ("zh-TW", 0.5), ("en", 0.4)], "zh"),
        (None, None, None, [("fr", 1)], "zh"),
        ("xx", "yy", "ww", [], "zh"),
        (None, None, None, [], "zh"),
    ],
)
def test_the_first_known_wish_counts(
    asked: str | None, cookie: str | None, profile: str | None, accepted: list[tuple[str, float]], chosen: str
) -> None:
    assert select_language(asked, cookie, profile, LanguageAccept(accepted)) == chosen


def test_the_address_chooses_the_language_and_the_next_page_remembers(browser_of: FlaskClient) -> None:
    first = browser_of.get("/help?lang=en")
    assert '<html lang="en"' in first.text and "<h1>Help</h1>" in first.text
    cookie = next(c for c in first.headers.getlist("Set-Cookie") if c.startswith("lang="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    second = browser_of.get("/help")
    assert '<html lang="en"' in second.text
    assert not second.headers.getlist("Set-Cookie")
    assert '<html lang="zh-Hans"' in browser_of.get("/help?lang=zh").text


def test_a_person_who_chose_english_gets_english(browser_of: FlaskClient) -> None:
    assert '<html lang="en"' in browser_of.get("/help?as=english").text


def test_the_switch_keeps_the_page_and_its_filters(browser_of: FlaskClient) -> None:
    page = browser_of.get("/help/glossary?q=clause&lang=zh").text
    assert 'href="/help/glossary?q=clause&amp;lang=en" lang="en"' in page


def test_a_missing_text_is_shown_in_the_other_language_and_marked(shell_app: Flask) -> None:
    source = '{% from "components/tag.html" import bilingual %}{{ bilingual(zh, en) }}'
    with shell_app.test_request_context("/?lang=zh"):
        assert render_template_string(source, zh="条款", en="clause") == "条款"
        assert render_template_string(source, zh=None, en="clause") == '<span lang="en">clause</span>'
        assert render_template_string(source, zh="", en=None) == ""
    with shell_app.test_request_context("/?lang=en"):
        assert render_template_string(source, zh="条款", en="") == '<span lang="zh-Hans">条款</span>'


def test_words_can_be_made_in_another_language_than_the_page(shell_app: Flask) -> None:
    with shell_app.test_request_context("/?lang=zh"):
        assert gettext("My desk") == "我的工作台"
        with force_locale("en"):
            assert gettext("My desk") == "My desk"


def test_text_outside_a_request_is_chinese(shell_app: Flask) -> None:
    with shell_app.app_context():
        assert gettext("My desk") == "我的工作台"


def test_a_locale_without_files_gives_the_source_words(tmp_path: Path) -> None:
    assert read_catalogues([str(tmp_path)], "zh_Hans").gettext("My desk") == "My desk"


def test_no_string_of_the_shell_lacks_chinese_and_no_latin_label_remains() -> None:
    path = ROOM / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale="zh_Hans")
    wrong = []
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts if message.id else ():
            without_places = text.replace("%(", "").strip()
            if not text or message.fuzzy or (without_places.isascii() and "%(" not in text):
                wrong.append(message.id)
            if any(mark in text for mark in (",", ";", "?", "!", "！", "请")) and not text.startswith("http"):
                wrong.append(text)
    assert wrong == [], "Chinese with full-width marks, without 请 and exclamation marks"
