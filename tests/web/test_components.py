"""The components and pages of the shell: what stands on a page, read with the standard library's parser."""

import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
import wtforms
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.core.errors import FieldError, Invalid, Reason
from app.web.forms import BUILT_IN, AtMost, HouseForm, HouseWords, Required, Within, problems_of
from app.web.icons import icon_body, icon_names
from app.web.paging import Page, page_number
from app.web.places import safe_place

ROOM = Path(__file__).resolve().parents[2] / "app" / "web"
PAGES = (
    "/help",
    "/help/keys",
    "/help/glossary",
    "/help/glossary?q=zzzz",
    "/help/styleguide",
    "/nowhere",
    "/open",
)
CONTROLS = {"input", "select", "textarea"}


class Reader(HTMLParser):
    """Collects what the rules speak of: tags with attributes, ids, labelled controls, headings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside_label = 0
        self.wrapped: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "label":
            self.inside_label += 1
        if tag in CONTROLS and self.inside_label:
            self.wrapped.add(found.get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label -= 1

    def values(self, attribute: str) -> list[str]:
        return [value for _tag, found in self.tags if (value := found.get(attribute))]


@pytest.fixture(
    params=[
        f"{page}|{who}|{language}" for page in PAGES for who in ("director", "") for language in ("zh", "en")
    ]
)
def page(request: pytest.FixtureRequest, browser_of: FlaskClient) -> Reader:
    """Each page of the shell, signed in and not, in both languages."""
    address, who, language = request.param.split("|")
    joint = "&" if "?" in address else "?"
    return Reader(browser_of.get(f"{address}{joint}as={who}&lang={language}").text)


def test_every_page_has_one_h1_a_language_and_unique_ids(page: Reader) -> None:
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert page.tags[0][1].get("lang") in ("zh-Hans", "en")
    assert [i for i, count in Counter(page.values("id")).items() if count > 1] == []


def test_every_control_has_its_label(page: Reader) -> None:
    bound = set(page.values("for")) | page.wrapped
    bare = [
        found
        for tag, found in page.tags
        if tag in CONTROLS and found.get("type") != "hidden" and found.get("id") not in bound
    ]
    assert bare == []


def test_nothing_on_a_page_breaks_the_content_policy(page: Reader) -> None:
    for tag, found in page.tags:
        assert "style" not in found and not [name for name in found if name.startswith("on")], (tag, found)
        if tag == "script":
            assert (found.get("src") or "").startswith("/static/")
        for name in ("src", "href", "action"):
            value = found.get(name) or ""
            assert not re.match(r"(data|javascript|https?|//)", value), (tag, value)


def test_every_reference_on_a_page_leads_somewhere(page: Reader) -> None:
    ids = set(page.values("id"))
    named = [
        i
        for name in ("aria-labelledby", "aria-describedby", "for")
        for v in page.values(name)
        for i in v.split()
    ]
    assert [i for i in named if i not in ids] == []


def test_a_post_form_carries_its_token(browser_of: FlaskClient) -> None:
    text = browser_of.get("/help/styleguide?as=director").text
    forms = re.findall(r'<form method="post".*?</form>', text, re.S)
    assert forms and all('name="csrf_token"' in form for form in forms)


def test_the_style_guide_shows_every_macro() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOM / "templates" / "web").glob("*.html"))
    macros = {
        name
        for path in (ROOM / "templates" / "components").glob("*.html")
        for name in re.findall(r"{% macro ([a-z]\w*)", path.read_text(encoding="utf-8"))
    }
    shown_by_others = {"changes", "one_side"}  # parts of redline and side_by_side
    assert macros - shown_by_others - set(re.findall(r"\b(\w+)\(", source)) == set()


def test_every_macro_says_what_it_is_for_and_the_readme_names_it() -> None:
    readme = (ROOM / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOM / "templates" / "components").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"{% macro ([a-z]\w*)", text):
            assert re.search(rf"{{# {name}\(", text), (
                f"{path.name}: write a comment {{# {name}(…) … #}} above the macro"
            )
            assert f"{name}(" in readme or f"`{name}`" in readme, f"name {name} in app/web/README.md"


class Sample(HouseForm):
    """One field of each kind."""

    title = StringField("Title", validators=[Required("Write a title"), AtMost(5)])
    why = TextAreaField("Why", validators=[Optional()])
    hours = IntegerField("Hours", validators=[Within(1, 72)])
    metric = SelectField("Metric", choices=["a", "b"])
    answer = RadioField("Answer", choices=["y", "n"], validators=[Required()])
    only = BooleanField("Only editorial")


def test_wrong_fields_keep_what_was_typed_and_point_to_their_inputs(shell_app: Flask) -> None:
    data = {"title": "far too long <b>", "hours": "99", "metric": "z"}
    with shell_app.test_request_context("/?lang=en", method="POST", data=data):
        form = Sample()
        assert not form.submitted
        assert problems_of(form) == [
            ("title", "Shorten the text to 5 characters; it has 16"),
            ("hours", "Enter a number from 1 to 72"),
            ("metric", "Choose one of the answers shown"),
            ("answer-0", "Fill in this field"),
        ]
        source = '{% from "components/field.html" import field %}{% for f in form %}{{ field(f, hint="h") }}{% endfor %}'
        drawn = render_template_string(source, form=form)
    assert 'value="far too long &lt;b&gt;"' in drawn
    assert 'aria-describedby="title-hint title-error" aria-invalid="true"' in drawn
    assert drawn.count("(optional)") == 1
    page = Reader(drawn)
    assert {"title-error", "hours-error", "metric-error", "answer-error"} <= set(page.values("id"))


def test_a_right_form_has_no_problems(shell_app: Flask) -> None:
    data = {"title": "abc", "hours": "12", "metric": "a", "answer": "n"}
    with shell_app.test_request_context("/", method="POST", data=data):
        form = Sample()
        assert form.submitted and problems_of(form) == []
        assert (form.hours.data, form.answer.data, form.only.data) == (12, "n", False)


def test_blank_is_not_filled_in_and_letters_are_no_number(shell_app: Flask) -> None:
    with shell_app.test_request_context(
        "/?lang=en", method="POST", data={"title": "  ", "hours": "ten", "metric": "a"}
    ):
        form = Sample()
        assert not form.submitted
        assert problems_of(form)[:2] == [("title", "Write a title"), ("hours", "Enter a number from 1 to 72")]


def test_errors_of_a_verb_stand_on_the_fields_they_name(shell_app: Flask) -> None:
    refusal = Invalid(
        [FieldError("title", Reason("web.required")), FieldError("elsewhere", Reason("error.unknown"))]
    )
    with shell_app.test_request_context("/?lang=en"):
        form = Sample(formdata=None)
        form.take_errors(refusal)
        assert problems_of(form) == [("", "This cannot be done now."), ("title", "Fill in this field")]


def test_a_refused_action_explains_itself_instead_of_standing_grey(shell_app: Flask) -> None:
    source = '{% from "components/decision_bar.html" import action %}{{ action("Sign", "/sign", reasons=reasons) }}'
    with shell_app.test_request_context("/?lang=en"):
        drawn = render_template_string(source, reasons=["Question 3 has no answer."])
        assert "<button" not in drawn and "Question 3 has no answer." in drawn
        assert 'action="/sign"' in render_template_string(source, reasons=[])


def test_a_target_is_never_struck_through(shell_app: Flask) -> None:
    source = '{% from "components/redline.html" import target_change %}{{ target_change(24, 12, "hours") }}'
    with shell_app.test_request_context("/?lang=en"):
        drawn = render_template_string(source)
    assert "<del" not in drawn and re.sub(r"<[^>]+>", "", drawn) == "24 →  becomes 12 hours"


def test_text_in_a_redline_is_escaped(shell_app: Flask) -> None:
    source = '{% from "components/redline.html" import redline %}{{ redline([("insert", "<script>1</script>")], "zh") }}'
    with shell_app.test_request_context("/"):
        drawn = render_template_string(source)
    assert "<script>" not in drawn and "&lt;script&gt;" in drawn and "[新增]" in drawn


@pytest.mark.parametrize(
    ("raw", "total", "number"),
    [
        (None, 0, 1),
        ("2", 120, 2),
        ("3", 120, 3),
        ("4", 120, 3),
        ("0", 120, 1),
        ("-5", 120, 1),
        ("x", 120, 1),
        ("9" * 30, 51, 2),
    ],
)
def test_a_page_number_stays_inside_the_list(raw: str | None, total: int, number: int) -> None:
    assert page_number(raw, total) == number


def test_a_pager_offers_ends_and_neighbours() -> None:
    assert Page([], 1, 0).nearby == [1]
    assert Page([], 4, 412).nearby == [1, 2, 3, 4, 5, None, 9]
    assert Page([], 5, 1000).nearby == [1, None, 4, 5, 6, None, 20]
    assert (Page([], 9, 412).first, Page([], 9, 412).last) == (401, 412)


@pytest.mark.parametrize(
    "wished",
    [
        "",
        None,
        "desk",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a\n/b",
        "/ a",
        "\t/a",
        "javascript:1",
        "///x",
    ],
)
def test_a_form_never_sends_the_reader_to_another_site(wished: str | None) -> None:
    assert safe_place(wished, "/desk") == "/desk"


def test_a_form_sends_the_reader_back_with_filters() -> None:
    assert safe_place("/s?on=2026-03-15&q=退款", "/") == "/s?on=2026-03-15&q=退款"


def test_vendored_files_are_what_the_manifest_says() -> None:
    lines = (ROOM / "static" / "vendor" / "MANIFEST.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("  ") for line in lines if line and not line.startswith("#")]
    assert rows
    for digest, name, _package, _version, licence in rows:
        assert hashlib.sha256((ROOM / name).read_bytes()).hexdigest() == digest, name
        assert (ROOM / licence).is_file()


def test_an_icon_is_plain_lines_and_an_unknown_one_fails() -> None:
    assert len(icon_names()) >= 27
    assert not [name for name in icon_names() if re.search(r"style|script|on\w+=|href", icon_body(name))]
    with pytest.raises(KeyError):
        icon_body("unicorn")


def test_wtforms_speaks_in_the_house_voice(shell_app: Flask) -> None:
    sources = (Path(wtforms.__file__).parent / "fields").glob("*.py")
    said = {
        words for path in sources for words in re.findall(r'gettext\(\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert said >= {"Not a valid choice."}
    others = ("time", "week", "month", "None")  # fields the house does not use, and a fault of ours
    assert {words for words in said if not any(other in words for other in others)} <= set(BUILT_IN)
    with shell_app.test_request_context("/?lang=zh"):
        assert HouseWords().gettext("Not a valid date value.") == "写上日期，例如 2026-03-15"
        assert HouseWords().gettext("Something new.") == "Something new."
        assert [HouseWords().ngettext("one", "many", n) for n in (1, 2)] == ["one", "many"]
