"""The own leave: everybody notes it, and who signs meanwhile; nobody is the own backup."""

from app.people import queries
from tests.house_fixtures import House, csrf


def test_leave_is_noted_changed_and_ended_on_the_own_page(web: House) -> None:
    client = web.client("lawyer")
    page = client.get("/profile").text
    with web.app.app_context():
        own, other = web.person("lawyer").id, web.person("lawyer2").id
    assert f'<option value="{own}"' not in page
    days = {"absent_from": "2020-01-06", "absent_until": "2099-01-31"}
    sent = {**csrf(page), **days, "backup_id": str(other)}
    assert client.post("/profile/leave", data=sent).status_code == 303
    with web.app.app_context():
        assert queries.stand_in(web.person("lawyer")).id == other
    assert f'<option selected value="{other}"' in client.get("/profile").text
    for wrong in ({"absent_until": "2019-01-01"}, {"backup_id": str(own)}, {"absent_from": "soon"}):
        assert client.post("/profile/leave", data={**sent, **wrong}).status_code == 422
    assert client.post("/profile/leave", data=csrf(page)).status_code == 303
    with web.app.app_context():
        assert not queries.is_absent(web.person("lawyer"))
