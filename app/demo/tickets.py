"""Owns the made-up tickets of the demo: six months in which one promise is kept badly. Same seed, same tickets.

**The known problem.** Requests to return or exchange something wait too long for their first answer: most in the region
east and from the app, where they fall into a queue nobody watches. About 71 % are answered within 12 hours and 79 %
within the 24 hours of clause c07 in cs-04, which promises 90 %. Customers ask again (“没人回复”, “石沉大海”), and
more of them in the last three weeks. Every other measure of the starter standards is kept as promised.

Days, hours, regions, channels and lengths of time are drawn; what is drawn for times never depends on an effect, so a
plan changes the tickets it names and no others. It writes no table: `evidence/readers/generic_table.py` does.
"""

import bisect
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from statistics import NormalDist
from typing import NamedTuple

from app.demo.ticket_conversations import Story, write_ticket
from app.demo.ticket_settings import AGENTS, PROFILES, REGIONS, RETURNS, URGENT_REPLY, Parameters, Peak, Plan
from app.demo.ticket_texts import PRODUCTS
from app.evidence.tickets import Channel, Complexity, Priority, TicketRecord

SOURCE = "csv"  # the mapping that reads what is written of them
GOLDEN = (
    0.6180339887498949  # steps of this length fill the interval evenly: categories keep their share every day
)
DEFAULTS = Parameters()
NO_EFFECTS = Plan()
_NORMAL = NormalDist()
_GROUPS = ((0.25, "new"), (0.85, "regular"), (1.0, "vip"))
_PRODUCTS = tuple(PRODUCTS)


class _Draw(NamedTuple):
    """What is drawn for one ticket before any time is: it stays the same whatever the plan says."""

    name: str
    created_at: datetime
    hour: int
    peak: Peak | None
    category: str
    region: str
    channel: Channel
    chances: tuple[float, ...]


def generate_tickets(
    seed: int,
    until: datetime,
    months: int = 6,
    count: int = 20_000,
    parameters: Parameters = DEFAULTS,
    plan: Plan = NO_EFFECTS,
) -> Iterator[TicketRecord]:
    """Yields exactly `count` tickets of the months before `until`, in order of creation.

    What happens after `until` has not happened yet: such tickets are open. Ids are made of day and second
    (`T261103-34215`).
    """
    first_day = _months_before(until.astimezone(parameters.zone).date(), months)
    since = datetime.combine(first_day, time(), parameters.zone)
    days = list(_days(since, until, parameters))
    total = sum(weight for _, _, _, weight in days)
    done, weighed = 0, 0.0
    for day, opens, closes, weight in days:
        weighed += weight
        wanted = round(count * weighed / total) - done
        done += wanted
        yield from _day_of_tickets(seed, day, (opens, closes), wanted, until, parameters, plan)


def _days(
    since: datetime, until: datetime, parameters: Parameters
) -> Iterator[tuple[date, float, float, float]]:
    """Yields each local day with the shares of its tickets before its beginning and its end, and its weight."""
    first, last = since.astimezone(parameters.zone), until.astimezone(parameters.zone)
    day = first.date()
    while day <= last.date():
        opens = _elapsed(first, parameters) if day == first.date() else 0.0
        closes = _elapsed(last, parameters) if day == last.date() else 1.0
        if closes > opens:
            weight = parameters.weekday_weights[day.weekday()]
            returns = sum(PROFILES[name].share for name in RETURNS)
            peak = _peak(day, parameters)
            volume = returns + (1 - returns) * peak.volume if peak else 1.0
            yield day, opens, closes, weight * volume * (closes - opens)
        day += timedelta(days=1)


def _elapsed(moment: datetime, parameters: Parameters) -> float:
    hours = parameters.hour_weights
    part = (moment.minute * 60 + moment.second) / 3600
    return (sum(hours[: moment.hour]) + hours[moment.hour] * part) / sum(hours)


def _day_of_tickets(
    seed: int,
    day: date,
    shares: tuple[float, float],
    count: int,
    until: datetime,
    parameters: Parameters,
    plan: Plan,
) -> Iterator[TicketRecord]:
    """Yields the tickets of one local day. Draws of times and of words come from two sources, so words never move times."""
    place = f"{seed} {day} {shares[0]:.6f}"
    times, words = random.Random(f"times {place}"), random.Random(f"words {place}")  # noqa: S311  made up
    midnight = datetime.combine(day + timedelta(days=1), time(), parameters.zone)
    week = max((until - midnight) // timedelta(days=7), 0)
    rise = dict(enumerate(reversed(parameters.asks_again_weeks))).get(week, 1.0)
    asked = times.random()
    for draw in _draws(times, day, shares, count, parameters):
        factor = plan.factor(day, draw.category, draw.region, draw.channel) if plan.effects else 1.0
        lying = _lying_share(draw, parameters) * factor
        again = draw.category in RETURNS and rise * (
            parameters.asks_again[0] + parameters.asks_again[1] * lying
        )
        asked += again
        asks_again = bool(again) and asked >= 1
        asked -= asks_again
        yield _ticket(draw, factor, lying, asks_again, until, words, parameters)


def _draws(
    times: random.Random, day: date, shares: tuple[float, float], count: int, parameters: Parameters
) -> Iterator[_Draw]:
    """Yields what is drawn for each ticket of a day, in order of creation; no two in the same second."""
    midnight = datetime.combine(day, time(), parameters.zone).astimezone(UTC)
    cumulated = [0.0, *itertools.accumulate(parameters.hour_weights)]
    places = (shares[0] + (shares[1] - shares[0]) * times.random() for _ in range(count))
    seconds: list[int] = []
    for place in sorted(place * cumulated[-1] for place in places):
        hour = min(bisect.bisect_right(cumulated, place), 24) - 1
        second = int((hour + (place - cumulated[hour]) / parameters.hour_weights[hour]) * 3600)
        seconds.append(max(second, seconds[-1] + 1) if seconds else second)
    prefix, peak = f"T{day:%y%m%d}", _peak(day, parameters)
    names, edges = _category_edges(peak)
    regions = list(itertools.accumulate(parameters.region_shares))
    channels = _channel_edges(parameters)
    turn = times.random()
    for second in seconds:
        turn = (turn + GOLDEN) % 1
        category = names[bisect.bisect_right(edges, turn * edges[-1])]
        chances = tuple(times.random() for _ in range(13))
        region = REGIONS[min(bisect.bisect_right(regions, chances[0]), len(REGIONS) - 1)]
        known, limits = channels[category in RETURNS]
        channel = known[min(bisect.bisect_right(limits, chances[1]), len(known) - 1)]
        at = midnight + timedelta(seconds=second)
        yield _Draw(f"{prefix}-{second:05}", at, second // 3600, peak, category, region, channel, chances)


def _category_edges(peak: Peak | None) -> tuple[list[str], list[float]]:
    shares = {
        name: profile.share * (peak.volume if peak and name not in RETURNS else 1.0)
        for name, profile in PROFILES.items()
    }
    return list(shares), list(itertools.accumulate(shares.values()))


def _channel_edges(parameters: Parameters) -> dict[bool, tuple[list[Channel], list[float]]]:
    """Returns channels and the upper ends of their shares: by whether it is about returns."""
    usual = dict(parameters.channel_shares)
    rest = (1 - parameters.returns_app_share) / (1 - usual[Channel.APP])
    of_returns = {name: share * rest for name, share in usual.items()} | {
        Channel.APP: parameters.returns_app_share
    }
    return {
        about: (list(shares), list(itertools.accumulate(shares.values())))
        for about, shares in ((False, usual), (True, of_returns))
    }


def _lying_share(draw: _Draw, parameters: Parameters) -> float:
    return parameters.lying_share[2 * (draw.region != "east") + (draw.channel is not Channel.APP)]


def _ticket(
    draw: _Draw,
    factor: float,
    lying: float,
    asks_again: bool,
    until: datetime,
    words: random.Random,
    parameters: Parameters,
) -> TicketRecord:
    profile, created_at, chances = PROFILES[draw.category], draw.created_at, draw.chances
    urgent = profile.urgent_share is not None and chances[2] < profile.urgent_share
    left_lying = draw.category in RETURNS and chances[3] < lying
    reply = parameters.lying if left_lying else URGENT_REPLY if urgent else profile.reply
    minutes = reply.at(_normal(chances[4])) * factor * _slowdown(draw, parameters)
    solved = profile.resolution.at(_normal(chances[5]))
    solved = minutes + solved if draw.category in RETURNS else max(solved, minutes + 1 + 4 * chances[5])
    replied_at = _before(created_at, minutes, until)
    resolved_at = _before(created_at, solved, until)
    team = f"{draw.region}-{1 if chances[6] < 0.5 else 2}"
    product = _PRODUCTS[int(chances[8] * len(_PRODUCTS))]
    language = "en" if chances[9] < parameters.english_share else "zh"
    story = Story(
        draw.category, asks_again, language, product, created_at, replied_at, resolved_at, draw.channel, until
    )
    subject, text, conversation = write_ticket(story, words)
    complex_share = profile.complex_share
    return TicketRecord(
        source=SOURCE,
        external_id=draw.name,
        created_at=created_at,
        first_reply_at=replied_at,
        resolved_at=resolved_at,
        channel=draw.channel,
        region=draw.region,
        customer_group=next(name for limit, name in _GROUPS if chances[7] < limit),
        product=PRODUCTS[product][0],  # as the company's ticket system calls it
        category=draw.category,
        priority=None if profile.urgent_share is None else Priority.URGENT if urgent else Priority.ORDINARY,
        complexity=None
        if complex_share is None
        else (Complexity.COMPLEX if chances[10] < complex_share else Complexity.SIMPLE),
        status="solved" if resolved_at else "pending" if replied_at else "open",
        subject=subject,
        text=text,
        conversation=conversation,
        tags=(draw.peak.tag,) if draw.peak else (),
        agent=AGENTS[team][int(chances[11] * len(AGENTS[team]))] if replied_at else None,
        team=team,
        reopened=int(resolved_at is not None and chances[12] > 0.96),
        satisfaction=_rating(minutes, draw, chances[12], parameters) if resolved_at else None,
        is_complaint=asks_again or draw.category in ("complaint", "escalation"),
        deleted=chances[9] > 1 - parameters.deleted_share,
        updated_at=resolved_at or replied_at or created_at,
    )


def _slowdown(draw: _Draw, parameters: Parameters) -> float:
    night = parameters.night_reply if draw.hour >= 23 or draw.hour < 7 else 1.0
    return night * (draw.peak.reply if draw.peak else 1.0)


def _rating(minutes: float, draw: _Draw, chance: float, parameters: Parameters) -> int | None:
    """Rates from 1 to 5: who waited beyond a day for an answer is rarely content."""
    if chance >= parameters.rated_share:
        return None
    mood = chance / parameters.rated_share
    if draw.category in RETURNS and minutes > 24 * 60:
        return 1 + (mood > 0.45) + (mood > 0.75) + (mood > 0.92)
    return 5 - (mood > 0.68) - (mood > 0.93) - (mood > 0.97) - (mood > 0.985)


def _normal(chance: float) -> float:
    return _NORMAL.inv_cdf(min(max(chance, 1e-9), 1 - 1e-9))


def _before(start: datetime, minutes: float, until: datetime) -> datetime | None:
    at = start + timedelta(seconds=round(minutes * 60))
    return at if at < until else None


def _peak(day: date, parameters: Parameters) -> Peak | None:
    return next((peak for peak in parameters.peaks if peak.holds(day)), None)


def _months_before(day: date, months: int) -> date:
    """Returns the same day some months earlier, or the last of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))
