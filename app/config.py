"""Owns every setting: its name in the environment, unit, default and meaning. Nothing else reads the environment."""

import base64
import os
import secrets
from dataclasses import dataclass, fields
from pathlib import Path

from app.core.secret_files import kept_secret


@dataclass(frozen=True)
class Settings:
    """All settings of one instance. Each can be set as TOUCHSTONE_<NAME IN CAPITALS>."""

    data: Path = Path("var")  # folder of database, store, secret, uploads, outputs; backed up together
    database: str = ""  # SQLAlchemy address; empty is SQLite in the data folder
    redis: str = ""  # redis:// address for waking the worker; empty is the embedded queue
    zone: str = "Asia/Shanghai"  # the organisation's time zone: dates, deadlines, effective midnights
    shifts: str = (
        ""  # when people work, such as "mon-fri 08:00-12:00 13:00-22:00"; empty is mon-fri 09:00-18:00
    )
    days: str = ""  # days worked and days off against the public calendar: "+2026-10-10 -2026-12-31"
    peaks: str = ""  # own peak seasons and own days of the known ones: "2027-03-01/2027-03-15; june_sale 2027-05-13/2027-06-22"
    base_url: str = ""  # address in mails and QR codes; empty is http://127.0.0.1:<port>
    hosts: str = ""  # host names answered, separated by commas; empty is loopback only
    smtp: str = ""  # host:port of the mail server; empty keeps notices on the desk only
    mail_from: str = "touchstone@localhost.invalid"  # sender of mails
    chat_hosts: str = ""  # more hosts whose group robots may be told; empty is the makers' own
    organisation_zh: str = "服务标准台"  # name shown to customers in Chinese
    organisation_en: str = "Touchstone"  # name shown to customers in English
    undo_window_minutes: int = 15  # how long publishing can be undone
    step_up_minutes: int = 15  # age of a sign-in after which signing asks for the password again
    session_hours: int = 12  # life of a sign-in
    trusted_session_days: int = 30  # life of a sign-in on a trusted phone
    sign_in_tries: int = 10  # wrong passwords per account and network in 15 minutes
    suggestion_tries: int = 5  # suggestions per network in an hour
    review_working_days: int = 3  # a reviewer's deadline
    scoring_working_days: int = 5  # an assessor's deadline
    acknowledge_days: int = 7  # a reader's deadline after publication, or after joining
    notice_days: int = 7  # least days between publication and effect of a public clause
    quorum: int = 3  # sent score cards before a rank can be confirmed
    emergency_working_days: int = 3  # days for the second person's approval of an emergency publication
    connector_seconds: int = 60  # how long one answer of a connected system may take
    connector_answer_bytes: int = 32 * 1024 * 1024  # largest answer of a connected system
    push_limit_bytes: int = 16 * 1024 * 1024  # largest body that another system may send at once
    push_tries: int = 60  # times a minute that one token may send
    keep_originals_days: int = 0  # days an import's unmasked texts are kept, sealed; 0 keeps none
    originals_key: str = ""  # file of the key that seals them; empty is originals.key in the data folder
    upload_limit_bytes: int = 64 * 1024 * 1024  # largest request body
    text_limit_bytes: int = 512 * 1024  # largest text of one standard in one language
    argon2_time_cost: int = 3  # passes of the password hash
    argon2_memory_kib: int = 65536  # memory of the password hash


def load(**overrides: object) -> Settings:
    """Reads the settings from the environment; `overrides` win. Raises ValueError naming the bad setting."""
    values: dict[str, object] = {}
    for setting in fields(Settings):
        raw = os.environ.get(f"TOUCHSTONE_{setting.name.upper()}")
        if raw is not None and raw != "":
            values[setting.name] = _convert(setting.name, raw, setting.default)
    values.update(overrides)
    return Settings(**values)  # type: ignore[arg-type]


def _convert(name: str, raw: str, default: object) -> object:
    if isinstance(default, Path):
        return Path(raw)
    if isinstance(default, int):
        try:
            return int(raw)
        except ValueError:
            raise ValueError(f"TOUCHSTONE_{name.upper()} must be a whole number, not {raw!r}") from None
    return raw


def port() -> int:
    """Returns the web server's port: PORT in the environment, 8000 when it is absent."""
    return int(os.environ.get("PORT", "8000"))


def secret(folder: Path) -> str:
    """Returns the instance's secret, made once in the data folder and readable by its owner only."""
    return kept_secret(folder / "secret", lambda: base64.b64encode(secrets.token_bytes(32))).decode()
