"""Owns interviews as evidence: whom, how many, what they said, and whether that is enough to say something."""

import re
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.access import Actor
from app.core.errors import FieldError, Invalid, Reason
from app.evidence import service
from app.evidence.models import EvidenceKind, EvidenceLink
from app.standards.models import Revision

ENOUGH_CUSTOMERS, MOST_PEOPLE = 30, 100_000
"""A round of customers is 30 to 50 people of high value or with a recent complaint (S4, 外部调研)."""

_KEY = re.compile(r".+/(\d+)/([a-z]+)/(\d+)")


class Interviewed(StrEnum):
    """Whom somebody talked to."""

    COLLEAGUES = "colleagues"
    CUSTOMERS = "customers"
    THIRD_PARTY = "outside"
    """Customers too, asked by somebody outside the company."""


INTERVIEWED_WORDS: dict[Interviewed, Any] = {
    Interviewed.COLLEAGUES: _l("Colleagues in sales, product or management"),
    Interviewed.CUSTOMERS: _l("Customers"),
    Interviewed.THIRD_PARTY: _l("Customers, asked by a third party"),
}


def attach_interviews(actor: Actor, revision: Revision, whom: str, people: str, heard: str) -> EvidenceLink:
    """Adds a round of interviews to what a revision rests on.

    Raises Invalid without a number of people from 1 to 100,000, or without what they said; and as `attach_evidence`.
    """
    wrong = []
    count = int(people) if people.isascii() and people.isdigit() else 0
    if not 1 <= count <= MOST_PEOPLE:
        wrong.append(FieldError("people", Reason("interview.people_missing")))
    if not heard.strip():
        wrong.append(FieldError("heard", Reason("interview.words_missing")))
    if wrong:
        raise Invalid(wrong)
    part = service.next_part(revision, EvidenceKind.INTERVIEW)
    key = f"{revision.number}/{part}/{Interviewed(whom).value}/{count}"
    return service.attach_evidence(actor, revision, EvidenceKind.INTERVIEW, key, heard)


def interview_words(key: str) -> str:
    """Returns whom and how many, and that a round of customers is small where it is."""
    found = _KEY.fullmatch(key)
    if found is None:
        return key
    whom, count = Interviewed(found[2]), int(found[3])
    people: str = ngettext("%(num)s person", "%(num)s people", count)
    words = f"{INTERVIEWED_WORDS[whom]}{_(': ')}{people}"
    if whom is Interviewed.COLLEAGUES or count >= ENOUGH_CUSTOMERS:
        return words
    small: str = _(
        "%(words)s (fewer than %(least)s: hear it, do not count it)", words=words, least=ENOUGH_CUSTOMERS
    )
    return small
