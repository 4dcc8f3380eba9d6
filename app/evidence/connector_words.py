"""Owns the words of connected systems: kinds, states, what came of a try, what the activity log says."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import Reason
from app.evidence.connector_models import Connector, ConnectorKind, ConnectorState
from app.web.log_words import register_log
from app.web.reasons import reason_words, register_reasons

KIND_WORDS: dict[ConnectorKind, Any] = {
    ConnectorKind.ZENDESK: _l("Zendesk"),
    ConnectorKind.JIRA_CLOUD: _l("Jira Service Management (cloud)"),
    ConnectorKind.JIRA_SERVER: _l("Jira Service Management (Data Center)"),
}
SCHEDULE_WORDS: dict[int, Any] = {
    15: _l("every 15 minutes"),
    60: _l("every hour"),
    360: _l("every 6 hours"),
    1440: _l("once a day"),
}
STATE_KINDS = {ConnectorState.ON: "ok", ConnectorState.PAUSED: "neutral", ConnectorState.STOPPED: "bad"}

register_reasons(
    {
        "connector.unknown": _l("No connected system is called “%(name)s”"),
        "connector.name": _l("Use 1 to 40 small letters, digits and hyphens, for example zendesk-care"),
        "connector.name_taken": _l("“%(name)s” is there already. Choose another name"),
        "connector.address": _l("Enter the address with https:// and without anything after a question mark"),
        "connector.account": _l(
            "Enter the account that the token belongs to, for example its e-mail address"
        ),
        "connector.only": _l("Enter the condition alone, for a Jira only and without ORDER BY"),
        "connector.starts_on": _l("Enter a day from 2000-01-01 to today"),
        "connector.rests": _l("%(name)s rests. Let it go on first"),
        "connector.up_to_date": _l("Everything there was is here."),
        "connector.goes_on": _l("There is more; it goes on in a minute."),
        "connector.no_token": _l(
            "It has no token for this address yet. An administrator of the machine enters it: touchstone connectors token %(name)s"
        ),
        "connector.unreachable": _l("%(host)s cannot be reached."),
        "connector.certificate": _l("The certificate of %(host)s is not trusted, so nothing was asked."),
        "connector.too_slow": _l("The answer was not complete after %(seconds)s seconds."),
        "connector.too_long": _l("The answer is longer than %(limit)s MB."),
        "connector.broke_off": _l("The answer broke off. Nothing of it was kept."),
        "connector.no_json": _l("The answer is no JSON but %(kind)s. Nothing of it was kept."),
        "connector.json_broken": _l("The JSON of the answer is broken. Nothing of it was kept."),
        "connector.other_shape": _l("The answer lacks what the documentation promises: %(missing)s."),
        "connector.in_a_circle": _l("The answer leads to the same place again. It is asked again later."),
        "connector.place_forgotten": _l("The other system no longer knows where we were. It begins again."),
        "connector.asked_to_wait": _l("The other system asks us to wait (429)."),
        "connector.their_fault": _l("The other system has a fault of its own (%(status)s)."),
        "connector.not_let_in": _l(
            "The other system does not let the account in (%(status)s). Check account, token and its permissions, then let it go on."
        ),
        "connector.led_elsewhere": _l(
            "The other system leads to another address (%(status)s), which is not followed. Correct the address."
        ),
        "series.unknown": _l("There are no figures of this series"),
        "push.token": _l("The token is missing, wrong or taken back."),
        "push.other_mapping": _l("This token is for the mapping %(mapping)s only."),
        "push.too_many": _l("More is sent than a minute allows. Wait a little."),
        "push.unknown": _l("There is no such token."),
        "connector.refused": _l(
            "The other system refuses the question (%(status)s). Check address and condition."
        ),
    }
)

register_log(
    {
        "connector.added": _l("Connected a system"),
        "connector.changed": _l("Changed a connected system"),
        "connector.paused": _l("Paused a connected system"),
        "connector.resumed": _l("Let a connected system go on"),
        "connector.stopped": _l("Stopped asking a connected system"),
        "push_token.made": _l("Let a system send"),
        "push_token.revoked": _l("Took the token of a system back"),
    },
    {"connector": _l("Connected system"), "push_token": _l("Token of a system")},
)


def connector_kind_words(kind: ConnectorKind) -> str:
    """Returns whose interface is asked."""
    return str(KIND_WORDS[kind])


def schedule_words(minutes: int) -> str:
    """Returns how often a system is asked."""
    return str(SCHEDULE_WORDS[minutes])


def connector_state_words(row: Connector) -> str:
    """Returns whether it asks by itself, and since how many tries in a row nothing came."""
    if row.state is ConnectorState.PAUSED:
        return str(_("paused"))
    if row.state is ConnectorState.STOPPED:
        return str(_("stopped"))
    if row.failures:
        return str(_("tried %(count)s times in vain", count=row.failures))
    return str(_("asks by itself"))


def connector_result_words(row: Connector) -> str:
    """Returns what came of the last try; a sentence that it has not asked yet."""
    if row.result is None:
        return str(_("It has not asked yet."))
    return reason_words(Reason(str(row.result["reason"]), dict(row.result.get("params") or {})))


def connector_state_kind(row: Connector) -> str:
    """Returns the kind of tag that its state has."""
    return "warn" if row.state is ConnectorState.ON and row.failures else STATE_KINDS[row.state]
