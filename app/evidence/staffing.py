"""Owns how many people a queue needs, by Erlang C. An estimate by its nature: the page that shows it says so. Pure.

Model: contacts arrive at random (Poisson), handling times vary (exponential), nobody gives up waiting, everybody takes
the next contact (A. K. Erlang 1917; Cooper, Introduction to Queueing Theory, ch. 3). Real queues lose the impatient, so
the estimate leans to more people.
"""

from dataclasses import dataclass
from math import exp

MOST_PEOPLE = 2_000
"""Beyond this the question is not one for a formula."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many people keep the target, and what it would be like.

    `load` is in erlangs: contacts in hand at once on average. `share_within` is the share answered in time,
    `wait_share` the share that waits at all, `occupancy` how much of their time people are busy (all
    fractions), `average_wait` in minutes.
    """

    people: int
    load: float
    share_within: float
    wait_share: float
    average_wait: float
    occupancy: float


def wait_share(load: float, people: int) -> float:
    """Returns the share of contacts that wait at all (Erlang C); 1 when the load is not below the people."""
    if people <= load:
        return 1.0
    blocked = 1.0
    for k in range(1, people + 1):  # Erlang B, upwards: no factorial grows out of bounds
        blocked = load * blocked / (k + load * blocked)
    return people * blocked / (people - load * (1 - blocked))


def queue(an_hour: float, handling_minutes: float, people: int, target_minutes: float) -> Staffing:
    """Returns what a queue with so many people is like. Raises ValueError for negative numbers or no handling time."""
    if an_hour < 0 or handling_minutes <= 0 or target_minutes < 0 or people < 0:
        raise ValueError("a queue has no negative numbers and takes some time")
    load = an_hour * handling_minutes / 60
    waits = wait_share(load, people) if load else 0.0
    spare = people - load
    if spare <= 0:
        share = 0.0 if load else 1.0
        return Staffing(people, load, share, waits, float("inf") if load else 0.0, 1.0 if load else 0.0)
    within = 1 - waits * exp(-spare * target_minutes / handling_minutes)
    return Staffing(people, load, within, waits, waits * handling_minutes / spare, load / people)


def people_for(
    an_hour: float, handling_minutes: float, target_minutes: float, share: float
) -> Staffing | None:
    """Returns the fewest people with whom `share` of the contacts is answered within the target.

    None when more than `MOST_PEOPLE` would be needed. Raises ValueError unless 0 < share < 1 and the numbers are those
    of a queue.
    """
    if not 0 < share < 1:
        raise ValueError(f"{share} is no share that a queue can promise")
    low, high = 1, MOST_PEOPLE
    if queue(an_hour, handling_minutes, high, target_minutes).share_within < share:
        return None
    while low < high:  # more people are never worse, so the fewest are found by halving
        middle = (low + high) // 2
        if queue(an_hour, handling_minutes, middle, target_minutes).share_within >= share:
            high = middle
        else:
            low = middle + 1
    return queue(an_hour, handling_minutes, low, target_minutes)
