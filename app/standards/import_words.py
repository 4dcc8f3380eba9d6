"""Owns the sentences of refusals and warnings of imports, and of texts that are too much work to render."""

from flask_babel import lazy_gettext as _l

from app.web.reasons import register_reasons

IMPORTS = {
    "history.damaged": _l("The history in the file is damaged or not complete"),
    "history.gone": _l("The document was taken away here and came back later"),
    "history.file_gone": _l("The file is no longer here; send it again"),
    "history.no_file": _l("Choose a file"),
    "history.unknown_file": _l("No file with the number %(number)s was sent"),
    "history.no_document": _l("The history holds no text that ends in .md, .markdown, .mdx or .txt"),
    "history.no_tip": _l("The file does not say with which text its history ends"),
    "history.not_a_bundle": _l("This is no file with a history that can be read"),
    "history.not_a_file": _l("Links and references to other collections are not read"),
    "history.odd_path": _l("A document with such a name is not read"),
    "history.other_way": _l("The history went another way than the one that was brought in from %(name)s"),
    "history.partial": _l("The file holds only a part of a history; make one with the whole of it"),
    "history.too_many_commits": _l("The history has more than %(limit)s steps"),
    "history.too_many_documents": _l("The history has more than %(limit)s documents"),
    "history.too_much": _l("The texts of the history are larger than %(limit_bytes)s bytes together"),
    "history.unknown_text": _l("The standard has no earlier text %(number)s"),
    "import.bad_xml": _l("The Word file is damaged or holds references that are not followed"),
    "import.comments_dropped": _l("Comments in the file were left out"),
    "import.deletions_dropped": _l("%(count)s tracked deletions were carried out"),
    "import.encoding": _l("The file was read as %(encoding)s; check that the characters are right"),
    "import.foreign_head": _l("The head of another program was left out"),
    "import.insertions_taken": _l("%(count)s tracked insertions were taken over"),
    "import.macros_ignored": _l("The macros in the file were ignored"),
    "import.no_clause": _l("The file holds no text that could be a clause"),
    "import.no_head": _l("The standard has no code and owner yet"),
    "import.not_aligned": _l("The translation has %(found)s clauses and the other language %(expected)s"),
    "import.not_text": _l("The bytes in this line are no text"),
    "import.not_word": _l("This is not a Word file that can be read"),
    "import.open_code_block": _l("A block of code was never closed; it was closed at the end"),
    "import.pictures_dropped": _l("%(count)s pictures were left out"),
    "import.too_large": _l("The file is larger than %(limit_bytes)s bytes"),
    "import.too_many_clauses": _l("A standard has at most %(limit)s clause ids"),
    "import.unknown_kind": _l("Files ending in “%(value)s” cannot be imported; use .md, .txt or .docx"),
    "import.zip_bad_name": _l("The Word file holds a part with a forbidden name: %(name)s"),
    "import.zip_ratio": _l("A part of the Word file unpacks to more than %(limit)s times its size"),
    "import.zip_too_large": _l("The Word file unpacks to more than %(limit_bytes)s bytes"),
    "import.zip_too_many": _l("The Word file holds more than %(limit)s parts"),
    "labels.columns": _l(
        "The table needs the columns language, old, new, labels, or bundle, path, commit, clause, labels"
    ),
    "labels.places": _l("Only %(found)s of %(of)s places were found in the histories"),
    "labels.unknown": _l("Line %(line)s: there is no label %(value)s"),
    "markup.too_complex": _l("The text holds more marks than can be shown; divide it"),
    "markup.too_many_lines": _l("The text has more than %(limit)s lines; divide it"),
}

register_reasons(IMPORTS)
