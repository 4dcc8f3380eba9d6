"""Every door that changes something refuses a form without its token and one that another site sent; nothing changes."""

import pytest

from app.core import activity, clock
from app.core.access import Role
from app.web.security import SAFE_METHODS
from tests.house import access
from tests.house_fixtures import MONDAY, House

# These ask for a bearer's token in a header, which no browser adds by itself, in place of the form's: only a foreign
# origin is refused to whoever has one. tests/evidence/test_push.py looks at their own door.
WITHOUT_FORM_TOKEN = {"/e/push/<mapping>"}


@pytest.fixture(scope="module")
def prepared_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return access.prepare(tmp_path_factory.mktemp("forms") / "prepared")


def test_a_form_without_its_token_or_from_another_site_changes_nothing(prepared_house: House) -> None:
    app, opened = prepared_house.app, []
    with clock.frozen(MONDAY):
        client, token = access._client(app, Role.SERVICE_DIRECTOR)
        with app.app_context():
            before = activity.head()
        unsafe = [(rule, method) for rule, method, _e in access.doors(app) if method not in SAFE_METHODS]
        assert len(unsafe) > 100
        for rule, method in unsafe:
            place = access.address(rule)
            if rule in WITHOUT_FORM_TOKEN:
                assert client.open(place, method=method).status_code == 401, rule
            elif client.open(place, method=method).status_code != 400:
                opened.append((rule, "without a token"))
            for headers in (
                {"Origin": "https://evil.example"},
                {"Origin": "null"},
                {"Sec-Fetch-Site": "cross-site"},
            ):
                if client.open(place, method=method, data=token, headers=headers).status_code != 400:
                    opened.append((rule, str(headers)))
        with app.app_context():
            assert activity.head() == before
    assert not opened
    assert {rule for rule, _method in unsafe} >= WITHOUT_FORM_TOKEN, "take what is gone off the list"
