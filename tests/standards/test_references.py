"""Clause ids in a text lead to their clauses; nothing else in the HTML changes."""

import pytest
from markupsafe import Markup

from app.core.markup import render
from app.standards import founding
from app.standards.references import link_with
from tests.house_fixtures import House


def linked(text: str) -> str:
    return str(link_with(Markup(render(text)), lambda code: f"/j/{code}"))


def link(code: str) -> str:
    return f'<a class="ref" href="/j/{code}">{code}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("规则见 CS-01-C09。", f"规则见 {link('CS-01-C09')}。"),
        ("（CS-01-C02），CS-04-C10 和", f"（{link('CS-01-C02')}），{link('CS-04-C10')} 和"),
        ("see **CS-04-C13**; then", f"see <strong>{link('CS-04-C13')}</strong>; then"),
        ("XCS-01-C09-2 and CS-01-C09a, cs-01-c09", "XCS-01-C09-2 and CS-01-C09a, cs-01-c09"),
        ("`CS-01-C09`", "<code>CS-01-C09</code>"),
    ],
)
def test_an_id_in_a_text_becomes_a_link(text: str, html: str) -> None:
    assert linked(text) == f"<p>{html}</p>"


def test_a_link_keeps_its_own_words_and_address() -> None:
    text = "[see CS-01-C09](https://example.invalid/CS-01-C09) and CS-01-C10"
    assert linked(text) == str(render(text)).replace(" and CS-01-C10", f" and {link('CS-01-C10')}")


def test_a_page_leads_from_one_clause_to_the_clause_it_names(web: House) -> None:
    with web.app.app_context():
        founding.bring(web.actor("admin"), ["cs-06"])
    client = web.client("agent")
    for address in ("/s/cs-06", "/s/cs-06/c02"):
        assert '<a class="ref" href="/j/CS-03-C01">CS-03-C01</a>' in client.get(address).text
    found = client.get("/j/CS-03-C01", follow_redirects=True)
    assert found.status_code == 200 and found.request.path == "/s/cs-03/c01"
