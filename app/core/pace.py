"""Owns slowing down whoever asks again and again, counted in this process only. Knows neither request nor table.

For what is read without signing in: a reading request writes nothing, so its tries cannot be rows.
"""

import datetime as dt
from collections import OrderedDict

from app.core import clock

MOST_KEYS = 10_000


class Pace:
    """At most `most` tries of one key in `window`; the oldest keys are forgotten beyond 10,000."""

    def __init__(self, most: int, window: dt.timedelta) -> None:
        self.most, self.window = most, window
        self._tries: OrderedDict[str, list[dt.datetime]] = OrderedDict()

    def too_many_until(self, key: str) -> dt.datetime | None:
        """Counts a try and returns None; the moment of the next free one where there were too many already."""
        now = clock.now()
        recent = [at for at in self._tries.get(key, []) if now - self.window < at <= now]
        if len(recent) >= self.most:
            return recent[0] + self.window
        self._tries[key] = [*recent, now]
        self._tries.move_to_end(key)
        while len(self._tries) > MOST_KEYS:
            self._tries.popitem(last=False)
        return None
