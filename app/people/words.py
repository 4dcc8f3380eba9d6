"""Owns the words of roles and of refusals that concern people, in both languages through the catalogue."""

from flask_babel import lazy_gettext as _l

from app.core.access import Role
from app.web.reasons import register_reasons

ROLE_WORDS = {
    Role.PROPOSER: _l("Staff"),
    Role.SERVICE_DIRECTOR: _l("Service director"),
    Role.ASSESSOR: _l("Assessor"),
    Role.DRAFTER: _l("Drafter"),
    Role.LEGAL_REVIEWER: _l("Legal reviewer"),
    Role.BUSINESS_REVIEWER: _l("Business reviewer"),
    Role.IT_REVIEWER: _l("IT reviewer"),
    Role.PILOT_LEAD: _l("Pilot lead"),
    Role.TRAINER: _l("Trainer"),
    Role.AGENT: _l("Frontline agent"),
    Role.TEAM_LEAD: _l("Team lead"),
    Role.QA_AUDITOR: _l("QA auditor"),
    Role.COMMITTEE_MEMBER: _l("Committee member"),
    Role.COMMITTEE_CHAIR: _l("Committee chair"),
    Role.LIAISON: _l("Liaison"),
    Role.ADMIN: _l("Administrator"),
    Role.OUTSIDE_AUDITOR: _l("Outside auditor"),
    Role.VISITOR: _l("Visitor"),
}

REASONS = {
    "access.sign_in_first": _l("Sign in first."),
    "access.sign_in_again": _l("Sign in again: this device is trusted for reading and acknowledging only."),
    "access.not_yours": _l("Your roles do not include this. An administrator can change them."),
    "access.unmarked": _l("This page is closed."),
    "sign_in.wrong": _l("Name and password do not fit together."),
    "sign_in.locked": _l("Too many wrong tries. Try again in a quarter of an hour."),
    "person.unknown": _l("There is no such person."),
    "person.name_taken": _l("The sign-in name %(name)s is taken."),
    "person.name_missing": _l("Enter the name."),
    "person.same_team": _l("Choose another team than the present one."),
    "person.not_yourself": _l("You cannot close your own account."),
    "password.too_short": _l("Use at least %(least)s characters."),
    "password.too_long": _l("Use at most %(most)s characters."),
    "grant.visitor": _l("Visitor is not a role that is granted."),
    "grant.end_needed": _l("An outside auditor needs an end date."),
    "grant.ends_before_start": _l("The end is before the start."),
    "absence.ends_before_start": _l("The end of the leave is before its start."),
    "absence.own_backup": _l("Choose somebody else as backup."),
    "codes.nothing_begun": _l("Nothing is being set up. Begin first."),
    "codes.wrong": _l("The code is not right. Wait for the next one"),
    "codes.clock_off": _l(
        "This code belongs to another time: the clock of the phone and ours are %(minutes)s minutes apart. Set the phone's clock by the network, or use your password and tell your administrator"
    ),
    "organisation.unknown_size": _l("There is no preset called %(value)s."),
    "organisation.unknown_post": _l("This preset has no such post."),
    "organisation.apart_text": _l(
        "%(name)s would write texts and also sign or publish them. Choose a second person for one of the two."
    ),
    "organisation.apart_check": _l(
        "%(name)s would serve customers and also check that service. Choose a second person for one of the two."
    ),
}


def role_words(role: Role) -> str:
    """Returns the name of a role in the reader's language."""
    return str(ROLE_WORDS[role])


register_reasons(REASONS)
