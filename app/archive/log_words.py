"""Owns the words of what the activity log says about the archive."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "effect.evaluated": _l("Evaluated the effect"),
        "everything.exported": _l("Exported everything"),
        "dossier.sealed": _l("Sealed the dossier"),
    },
    {
        "export": _l("Export"),
    },
)
