"""Owns the simulation of the surge rule: how often it cries wolf, how soon it notices. Prints, changes nothing.

    python -m bench.surges [--seed N] [--clauses N] [--years N]

Contacts follow the week and the peak seasons (2.5 times as many; 1.2 times the feedback a contact), feedback scatters
more than Poisson (negative binomial, variance mu + 0.1 mu squared). The rule estimates everything as it does for real.
"""

import argparse
import datetime as dt

import numpy as np

from app.core.seasons import season_of
from app.evidence.surges import watch

SEED, FIRST = 20261122, dt.date(2024, 1, 1)
LEVELS = (0.05, 0.2, 1.0, 4.0, 15.0)
SCATTER = 0.1
WEEK = (1.1, 1.05, 1.0, 1.0, 1.0, 0.8, 0.75)
BASE = 120


def simulate(
    chance: np.random.Generator, level: float, days: int, rise: float = 1.0, rise_from: int = 0
) -> tuple[dict[dt.date, int], dict[dt.date, int]]:
    """Returns feedback and contacts a day; from `rise_from` on the feedback is `rise` times as much."""
    feedback: dict[dt.date, int] = {}
    contacts: dict[dt.date, int] = {}
    for place in range(days):
        day = FIRST + dt.timedelta(days=place)
        peak = season_of(day) is not None
        contacts[day] = int(chance.poisson(400 * WEEK[day.weekday()] * (2.5 if peak else 1.0)))
        mu = level * contacts[day] / 400 * (1.2 if peak else 1.0) * (rise if place >= rise_from else 1.0)
        size = 1 / SCATTER
        feedback[day] = int(chance.negative_binomial(size, size / (size + mu))) if mu else 0
    return feedback, contacts


def false_alarms(level: float, clauses: int, years: int, seed: int = SEED) -> tuple[int, float]:
    """Returns the false alarms of so many quiet clauses and the clause-years they were watched."""
    chance = np.random.default_rng(seed)
    days = BASE + 365 * years
    found = 0
    for _ in range(clauses):
        feedback, contacts = simulate(chance, level, days)
        found += len(
            watch(
                feedback, contacts, FIRST + dt.timedelta(days=BASE), FIRST + dt.timedelta(days=days - 1)
            ).waves
        )
    return found, clauses * years


def delays(level: float, rise: float, clauses: int, seed: int = SEED) -> list[int | None]:
    """Returns after how many days each of the rising clauses alarmed; None within 60 days not at all."""
    chance = np.random.default_rng(seed)
    made: list[int | None] = []
    for _ in range(clauses):
        feedback, contacts = simulate(chance, level, BASE + 60, rise, BASE)
        seen = watch(
            feedback, contacts, FIRST + dt.timedelta(days=BASE), FIRST + dt.timedelta(days=BASE + 59)
        )
        made.append((seen.waves[0].alarmed_on - FIRST).days - BASE + 1 if seen.waves else None)
    return made


def main() -> None:
    """Prints both tables."""
    asked = argparse.ArgumentParser(description="Simulates the surge rule.")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--clauses", type=int, default=100)
    asked.add_argument("--years", type=int, default=2)
    wanted = asked.parse_args()
    print(f"seed {wanted.seed}, {wanted.clauses} clauses a level, {wanted.years} years")
    print("feedback a day   false alarms   clause-years   years a false alarm")
    total, watched = 0, 0.0
    for level in LEVELS:
        found, years = false_alarms(level, wanted.clauses, wanted.years, wanted.seed)
        total, watched = total + found, watched + years
        print(f"{level:14}   {found:12}   {years:12.0f}   {years / found if found else float('inf'):19.1f}")
    print(f"{'all':>14}   {total:12}   {watched:12.0f}   {watched / total if total else float('inf'):19.1f}")
    print("feedback a day   rise   median days to alarm   noticed within 60 days")
    for level in LEVELS[2:]:
        for rise in (2.0, 3.0):
            made = delays(level, rise, wanted.clauses, wanted.seed)
            noticed = sorted(one for one in made if one is not None)
            middle = noticed[len(noticed) // 2] if noticed else float("nan")
            print(f"{level:14}   {rise:4}   {middle:20}   {len(noticed):5} of {len(made)}")


if __name__ == "__main__":
    main()
