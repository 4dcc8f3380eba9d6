"""Owns the sentences about rows and files that an import refuses. Refuses nothing itself; `readers/` does."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.csv_text import csv_bytes
from app.core.errors import Reason
from app.web.reasons import reason_words, register_reasons

FILES = {
    "import.path_missing": _l("There is no file or folder “%(name)s”"),
    "import.archive_broken": _l("The archive is damaged. Pack it again"),
    "import.archive_refused": _l(
        "This file in the archive is encrypted or unpacks to far more than it should, at most %(limit)s MB"
    ),
    "import.file_too_large": _l("The file is larger than %(limit)s MB. Split it into pages"),
    "import.line_too_long": _l(
        "This line goes on for more than %(limit)s MB, so the file is no table. Nothing of it was read"
    ),
    "import.item_too_long": _l("What begins here goes on for more than %(limit)s MB and does not end"),
    "import.workbook_refused": _l(
        "The workbook unpacks to far more than it should, at most %(limit)s MB, or has cells in far corners"
    ),
    "import.workbook_broken": _l("The workbook cannot be opened. Save it again as XLSX without a password"),
    "import.too_many_files": _l("There are more than %(limit)s files. Bring them in by folders"),
    "import.file_empty": _l("The file is empty"),
    "import.bytes_unreadable": _l("Some characters cannot be read. Save the file as UTF-8"),
    "import.no_ticket_table": _l("The folder has no table %(name)s"),
    "import.no_issues": _l("There are no Jira issues in it. Choose another mapping or another file"),
    "import.nothing_fits": _l(
        "Nothing in it fits the mapping %(mapping)s. Choose another mapping or another file"
    ),
    "import.no_tickets": _l("There are no Freshdesk tickets in it. Choose another mapping or another file"),
    "import.json_broken": _l("The JSON breaks off or is wrong here"),
    "import.json_too_deep": _l("The JSON is nested too deeply"),
    "import.object_expected": _l("There is something here that is no ticket"),
    "import.key_twice": _l("The key “%(key)s” stands here twice"),
}

TABLES = {
    "import.column_missing": _l("This column is needed and missing"),
    "import.mapping_no_longer_fits": _l(
        "The mapping no longer fits this file: none of its columns is called %(column)s"
    ),
    "import.column_twice": _l("Two columns mean the same field"),
    "import.too_many_columns": _l("The table has %(found)s columns; at most %(limit)s can be read"),
    "import.row_short": _l("The row has %(found)s cells instead of %(expected)s"),
    "import.row_long": _l("The row has %(found)s cells instead of %(expected)s"),
    "import.quote_unclosed": _l("A quotation mark is not closed where the cell ends"),
    "import.too_many_open_quotes": _l(
        "Too many quotation marks are not closed. Nothing from this line on was read"
    ),
}

VALUES = {
    "import.id_missing": _l("The ticket has no id"),
    "import.id_unreadable": _l("“%(value)s” cannot be the id of a ticket"),
    "import.date_missing": _l("The time is missing"),
    "import.date_unreadable": _l("“%(value)s” is no time, for example 2026-03-15 09:30"),
    "import.date_without_time": _l("“%(value)s” has no time of day; minutes cannot be counted from a date"),
    "import.date_out_of_range": _l("“%(value)s” is not between %(first)s and %(last)s"),
    "import.reply_before_creation": _l("The first reply is earlier than the ticket"),
    "import.resolved_before_creation": _l("The solution is earlier than the ticket"),
    "import.duration_negative": _l("%(value)s minutes: a duration cannot be negative"),
    "import.duration_unreadable": _l("“%(value)s” is no duration, for example 65, 1:05:00 or 1h 5m"),
    "import.number_unreadable": _l("“%(value)s” is no whole number"),
    "import.number_out_of_range": _l("%(value)s is not between %(lowest)s and %(highest)s"),
    "import.value_unknown": _l("“%(value)s” is not one of: %(allowed)s"),
    "import.day_missing": _l("The day is missing"),
    "import.measure_missing": _l("What was measured is missing"),
    "import.value_no_number": _l("“%(value)s” is no number"),
    "import.word_too_long": _l("This has more than %(limit)s characters"),
    "import.text_expected": _l("A text was expected here"),
    "import.conversation_unreadable": _l("The conversation is not in the form that can be read"),
}

IMPORT_REASONS = FILES | TABLES | VALUES
register_reasons(IMPORT_REASONS)


def refusal_words(one: dict[str, object]) -> str:
    """Returns why a row was refused, with the garbled value where the sentence names it."""
    params = one.get("params")
    return reason_words(Reason(str(one["reason"]), dict(params) if isinstance(params, dict) else {}))


def refused_csv(refused: Iterable[Mapping[str, object]]) -> bytes:
    """Writes the refused rows of an import with file, line, field and reason, as a table that spreadsheets open safely."""
    rows = [[one["file"], one["line"], one["field"], refusal_words(dict(one))] for one in refused]
    return csv_bytes([_("File"), _("Line"), _("Field"), _("Reason")], rows)
