"""Error pages: status, words in both languages, no inside of the machine; JSON for programs."""

import re

import pytest
from flask.testing import FlaskClient

from app.core.errors import Reason
from app.web.errors import WORDS
from app.web.reasons import NEUTRAL, known_reasons, reason_words, register_reasons


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/e?as=agent", 403),
        ("/e", 401),
        ("/fail/refused", 409),
        ("/fail/invalid", 422),
        ("/fail/many", 429),
        ("/fail/away", 503),
        ("/fail/bug", 500),
        ("/act", 405),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_error_has_a_page_in_each_language(
    browser_of: FlaskClient, address: str, status: int, language: str
) -> None:
    joint = "&" if "?" in address else "?"
    answer = browser_of.get(f"{address}{joint}lang={language}")
    assert answer.status_code == status
    page = answer.text
    assert page.count("<h1>") == 1
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading and (heading[1].isascii() == (language == "en"))
    assert ("Touchstone</title>" if language == "en" else "服务标准台</title>") in page
    assert "Traceback" not in page and "secret inside" not in page and "RuntimeError" not in page


def test_every_status_of_the_list_has_words() -> None:
    assert {400, 403, 404, 409, 413, 422, 429, 500, 503} <= WORDS.keys()


def test_a_fault_gives_a_code_that_the_log_has_too(
    browser_of: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    page = browser_of.get("/fail/bug").text
    code = re.search(r'class="code">([0-9a-f]{8})<', page)
    assert code and code[1] in caplog.text


def test_a_refusal_names_its_reason(browser_of: FlaskClient) -> None:
    assert "填写这一项" in browser_of.get("/fail/refused").text
    assert "Fill in this field" in browser_of.get("/fail/refused?lang=en").text


def test_wrong_fields_are_listed_with_their_limits(browser_of: FlaskClient) -> None:
    page = browser_of.get("/fail/invalid?lang=en").text
    assert "Shorten the text to 60 characters; it has 61" in page
    assert 'class="errors" role="alert"' in page
    assert "<title>Error:" in page


def test_too_many_tries_say_when_to_try_again(browser_of: FlaskClient) -> None:
    assert browser_of.get("/fail/many").headers["Retry-After"] == "300"
    assert browser_of.get("/fail/away").headers["Retry-After"] == "120"


def test_a_wrong_method_names_the_right_ones(browser_of: FlaskClient) -> None:
    assert "POST" in browser_of.get("/act").headers["Allow"]


def test_a_program_gets_json_with_the_reason_keys(browser_of: FlaskClient) -> None:
    answer = browser_of.get("/fail/refused?lang=en", headers={"Accept": "application/json"})
    assert answer.json == {
        "status": 409,
        "title": "This does not fit what is there now",
        "reasons": ["web.required"],
        "words": ["Fill in this field"],
    }


def test_an_unknown_reason_gets_a_neutral_sentence(browser_of: FlaskClient) -> None:
    assert "现在不能这样做。" in browser_of.get("/fail/unknown").text


def test_values_of_a_reason_are_not_taken_for_places(browser_of: FlaskClient) -> None:
    with browser_of.application.test_request_context("/?lang=en"):
        assert reason_words(Reason("web.too_short", {"limit": "100%"})) == "Write at least 100% characters"


def test_one_reason_has_one_wording() -> None:
    with pytest.raises(ValueError, match=r"web\.required"):
        register_reasons({"web.required": "Something else"})
    register_reasons({"error.unknown": NEUTRAL})
    assert "error.unknown" in known_reasons()
