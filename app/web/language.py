"""Owns which language a page is in, and choosing between two texts. Holds no words itself."""

import io
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, refresh
from werkzeug.datastructures import LanguageAccept
from werkzeug.local import LocalProxy

from app.web.viewer import current_viewer

LANGUAGES = ("zh", "en")
LOCALES = {"zh": "zh_Hans", "en": "en"}
TAGS = {"zh": "zh-Hans", "en": "en"}
COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600
ROOMS = Path(__file__).resolve().parent.parent


def init_languages(app: Flask) -> None:
    """Sets up Flask-Babel with the catalogues of all rooms and the selection of the language."""
    folders = sorted(str(folder) for folder in ROOMS.glob("*/translations"))
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES["zh"]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    babel = Babel()
    babel.init_app(app, locale_selector=_select_locale)
    catalogues = babel.domain_instance = CatalogueDomain(folders)
    # As Flask-Babel installs them, without asking for each word which domain the request has: there is one.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda word: catalogues.get_translations().ugettext(word),
        ngettext=lambda one, many, n: catalogues.get_translations().ungettext(one, many, n),
        newstyle=True,
        pgettext=lambda where, word: catalogues.get_translations().upgettext(where, word),
        npgettext=lambda where, one, many, n: catalogues.get_translations().unpgettext(where, one, many, n),
    )
    app.after_request(_remember_choice)
    app.jinja_env.globals.update(
        lang=LocalProxy(current_language), lang_tag=lang_tag, pick=pick, picked_tag=picked_tag
    )


class CatalogueDomain(Domain):  # type: ignore[misc]
    """Reads the `.po` files themselves, so that no compiled file is kept, forgotten or stale."""

    def __init__(self, folders: list[str]) -> None:
        super().__init__(translation_directories=folders)

    def get_translations(self) -> NullTranslations:
        """Returns the merged catalogue of the current language, read once a process."""
        locale = get_locale()
        key = (locale.language, locale.script) if locale else ()
        if key not in self.cache:
            self.cache[key] = read_catalogues(self.translation_directories, str(locale or LOCALES["zh"]))
        catalogue: NullTranslations = self.cache[key]
        return catalogue


def read_catalogues(folders: list[str], locale: str) -> NullTranslations:
    """Merges the catalogues of a locale over the folders; a locale without files gives the source words."""
    merged = Translations()
    for folder in folders:
        path = Path(folder) / locale / "LC_MESSAGES" / "messages.po"
        if path.exists():
            part = Translations(io.BytesIO(_compiled(path, locale, path.stat().st_mtime_ns)))
            merged.merge(part)
            merged.plural = part.plural
    return merged


@lru_cache(maxsize=256)
def _compiled(path: Path, locale: str, _changed_at: int) -> bytes:
    """Returns a catalogue in the form `gettext` reads, made once a process for each state of its file."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def current_language() -> str:
    """Returns "zh" or "en": the language of the words being written now, also inside `force_locale`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def lang_tag(language: str | None = None) -> str:
    """Returns the value for a `lang` attribute, of the current language if none is given."""
    return TAGS[language or current_language()]


def pick(zh: str | None, en: str | None) -> str:
    """Returns the text in the current language, else the other one, else an empty text."""
    first, second = (zh, en) if current_language() == "zh" else (en, zh)
    return first or second or ""


def picked_tag(zh: str | None, en: str | None) -> str:
    """Returns the `lang` value of the text that `pick` returns, empty when it is in the page's language."""
    language = current_language()
    own, other = (zh, en) if language == "zh" else (en, zh)
    if own or not other:
        return ""
    return TAGS["en" if language == "zh" else "zh"]


def select_language(
    asked: str | None, cookie: str | None, profile: str | None, accepted: LanguageAccept | None
) -> str:
    """Returns the language by rank: the address, the switch used last, the profile, the browser, Chinese.

    The cookie stands before the profile because a GET must not write the profile, and the switch must stick.
    """
    for wish in (asked, cookie, profile):
        if wish in LANGUAGES:
            return wish
    for tag, _quality in accepted or ():
        language = tag.lower().split("-")[0].split("_")[0]
        if language in LANGUAGES:
            return language
    return "zh"


def prefer_language(language: str) -> None:
    """Writes this page in the language of somebody without a profile, where they chose none themselves."""
    asked, cookie = request.args.get("lang"), request.cookies.get(COOKIE)
    if language in LANGUAGES and asked not in LANGUAGES and cookie not in LANGUAGES:
        g.web_language = language
        refresh()


def _select_locale() -> str | None:
    if not has_request_context():
        return None
    if "web_language" not in g:
        asked, cookie = request.args.get("lang"), request.cookies.get(COOKIE)
        chosen = asked in LANGUAGES or cookie in LANGUAGES
        profile = None if chosen else current_viewer().language
        g.web_language = select_language(asked, cookie, profile, request.accept_languages)
    return LOCALES[g.web_language]


def _remember_choice(response: Response) -> Response:
    """Keeps `?lang=` for the next page; a page nobody chose a language for sets no cookie."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
        response.set_cookie(
            COOKIE, asked, max_age=COOKIE_SECONDS, secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response
