"""Owns what can be turned in the demo's made-up tickets: shares, lengths of time, peaks, dated effects. Draws nothing."""

import math
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from app.evidence.tickets import Channel

ZONE = ZoneInfo("Asia/Shanghai")
REGIONS = ("east", "north", "south")
TEAMS = tuple(f"{region}-{number}" for region in REGIONS for number in (1, 2))
AGENTS = {team: tuple(f"{team}-{number:02}" for number in range(1, 4)) for team in TEAMS}
"""Three agents a team, named by codes: `{"east-1": ("east-1-01", …)}`."""

RETURNS = frozenset(("returns", "exchange"))
"""The categories of clause c07 in cs-04; an effect on one of them is one on both."""


@dataclass(frozen=True)
class Spread:
    """A log-normal length of time: half the tickets take less than `median_minutes`; `sigma` is its width."""

    median_minutes: float
    sigma: float

    def at(self, normal: float) -> float:
        """Returns the minutes at a place of the standard normal distribution."""
        return self.median_minutes * math.exp(self.sigma * normal)


@dataclass(frozen=True)
class Profile:
    """How tickets of one category come and go. `share` is of an ordinary day; a class of None has no limit of its own."""

    share: float
    reply: Spread
    resolution: Spread
    urgent_share: float | None = 0.0
    complex_share: float | None = 0.3


ORDINARY_REPLY = Spread(4.0, 0.58)  # within 10 minutes: 94 %
URGENT_REPLY = Spread(1.6, 0.60)  # within 5 minutes: 97 %
SIMPLE = Spread(42, 0.62)  # within 2 hours: 95 %
COMPLEX = Spread(460, 0.72)  # within 24 hours: 94 %
HOUR, DAY = 60.0, 1440.0

PROFILES = {
    "order": Profile(0.140, ORDINARY_REPLY, SIMPLE, 0.05, 0.15),
    "payment": Profile(0.090, ORDINARY_REPLY, SIMPLE, 0.15, 0.30),
    "logistics": Profile(0.200, ORDINARY_REPLY, SIMPLE, 0.05, 0.35),
    "returns": Profile(0.215, Spread(3.3 * HOUR, 1.09), Spread(2.5 * DAY, 0.45), None, None),
    "exchange": Profile(0.025, Spread(3.3 * HOUR, 1.09), Spread(2.0 * DAY, 0.40), None, None),
    "refund": Profile(0.085, ORDINARY_REPLY, Spread(2.4 * DAY, 0.45), 0.05, None),
    "complaint": Profile(0.050, Spread(2.7, 0.58), Spread(480, 0.62), 0.25, 1.0),
    "escalation": Profile(0.010, Spread(40, 0.50), Spread(540, 0.55), None, None),
    "bot": Profile(0.050, ORDINARY_REPLY, SIMPLE, 0.0, 0.05),
    "technical": Profile(0.070, ORDINARY_REPLY, SIMPLE, 0.20, 0.60),
    "identity": Profile(0.040, ORDINARY_REPLY, SIMPLE, 0.25, 0.20),
    "privacy": Profile(0.006, Spread(6 * HOUR, 0.65), Spread(6 * DAY, 0.45), None, None),
    "callback": Profile(0.019, Spread(11, 0.60), SIMPLE, None, 0.20),
}
"""The problem classes (requirements 106) with the limits of the starter standards in mind."""


@dataclass(frozen=True)
class Peak:
    """A sale: from month and day to month and day, both counted. `volume` multiplies all tickets but returns and
    exchanges, `reply` the time to the first answer."""

    first: tuple[int, int]
    last: tuple[int, int]
    volume: float
    reply: float
    tag: str

    def holds(self, day: date) -> bool:
        """States whether a day lies in the sale."""
        return self.first <= (day.month, day.day) <= self.last


@dataclass(frozen=True)
class Parameters:
    """Everything that can be turned in the generator, beside PROFILES."""

    zone: ZoneInfo = ZONE
    """Where days begin and hours are counted."""
    region_shares: tuple[float, ...] = (0.44, 0.31, 0.25)
    channel_shares: tuple[tuple[Channel, float], ...] = (
        (Channel.CHAT, 0.27),
        (Channel.PHONE, 0.16),
        (Channel.APP, 0.26),
        (Channel.WEB, 0.14),
        (Channel.EMAIL, 0.10),
        (Channel.SOCIAL, 0.07),
    )
    returns_app_share: float = 0.42
    """Returns come from the app more often; the other channels share the rest as above."""
    weekday_weights: tuple[float, ...] = (1.15, 1.06, 1.0, 1.0, 1.04, 0.9, 0.85)
    """Monday first."""
    hour_weights: tuple[float, ...] = (
        (1.2, 0.7, 0.4, 0.3, 0.3, 0.4, 0.8, 1.8, 3.6, 6.0, 7.0, 6.6, 5.2, 5.4, 6.4, 6.6, 6.2, 5.4, 5.0, 6.0, 6.8, 6.2, 4.2, 2.4)
    )  # fmt: skip
    night_reply: float = 1.1
    """Multiplies the time to the first answer between 23 and 7 o'clock."""
    peaks: tuple[Peak, ...] = (
        Peak((6, 16), (6, 20), 1.8, 1.2, "618"),
        Peak((11, 10), (11, 13), 2.2, 1.2, "1111"),
    )
    lying: Spread = Spread(42 * HOUR, 0.35)
    """How long a request waits that falls into the unwatched queue."""
    lying_share: tuple[float, float, float, float] = (0.54, 0.20, 0.105, 0.03)
    """The share of returns that do: east from the app, east otherwise, elsewhere from the app, elsewhere otherwise."""
    asks_again: tuple[float, float] = (0.10, 1.0)
    """The share of returns whose text is a complaint that nobody answers: the first, plus the second times `lying_share`."""
    asks_again_weeks: tuple[float, ...] = (1.1, 1.2, 1.68)
    """What multiplies that share in the last weeks, the last one ending with the tickets: 1.68 / 1.2 is +40 %."""
    english_share: float = 0.25
    rated_share: float = 0.35
    deleted_share: float = 0.002


@dataclass(frozen=True)
class Effect:
    """From a day on, something works better or worse: `factor` multiplies the time to the first answer and, of returns,
    the share left lying. None means every region, channel, or no end; `last_day` is counted."""

    first_day: date
    category: str
    factor: float
    region: str | None = None
    channel: Channel | None = None
    last_day: date | None = None

    def holds(self, day: date, category: str, region: str, channel: Channel) -> bool:
        """States whether it touches a ticket made on `day`, in the generator's zone."""
        return (
            self.first_day <= day
            and (self.last_day is None or day <= self.last_day)
            and (self.category == category or {self.category, category} <= RETURNS)
            and self.region in (None, region)
            and self.channel in (None, channel)
        )


@dataclass(frozen=True)
class Plan:
    """The dated effects of a story: its pilots and its publications. Effects that meet are multiplied."""

    effects: tuple[Effect, ...] = ()

    def factor(self, day: date, category: str, region: str, channel: Channel) -> float:
        """Returns what multiplies the time to the first answer of such a ticket."""
        return math.prod(one.factor for one in self.effects if one.holds(day, category, region, channel))
