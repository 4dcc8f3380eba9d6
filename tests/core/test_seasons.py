"""Peak seasons: the known ones of a year, an organisation's own, and where their days come from."""

import datetime as dt
from pathlib import Path

import pytest

from app import config, create_app
from app.core import calendar, seasons
from app.core.seasons import Origin, Season, peaks_of, read_peaks, season_of

day = dt.date.fromisoformat
OWN = read_peaks("2027-03-01/2027-03-15; june_sale 2027-05-13/2027-06-22;")


@pytest.mark.parametrize(
    ("date", "season"),
    [
        ("2026-01-19", None), ("2026-01-20", Season.NEW_YEAR_GOODS), ("2026-02-16", Season.SPRING_FESTIVAL), ("2026-02-24", Season.SPRING_FESTIVAL),
        ("2026-02-25", None), ("2026-06-18", Season.JUNE_SALE), ("2026-10-01", Season.NATIONAL_DAY), ("2026-11-11", Season.NOVEMBER_SALE),
        ("2026-12-12", Season.DECEMBER_SALE), ("2014-02-01", None),
    ],
)  # fmt: skip
def test_the_known_seasons(date: str, season: Season | None) -> None:
    assert season_of(day(date), ()) is season


def test_own_seasons_come_on_top_and_own_days_of_a_sale_replace_ours_in_that_year() -> None:
    assert season_of(day("2027-03-15"), OWN) is Season.OWN
    assert season_of(day("2027-05-13"), OWN) is Season.JUNE_SALE and season_of(day("2027-06-23"), OWN) is None
    assert season_of(day("2026-06-23"), OWN) is Season.JUNE_SALE, "another year keeps its days"
    sale = [peak for peak in peaks_of(2027, OWN) if peak.season is Season.JUNE_SALE]
    assert [(str(peak.starts), peak.origin) for peak in sale] == [("2027-05-13", Origin.OWN)]


def test_every_season_says_where_its_days_come_from() -> None:
    origins = {peak.season: peak.origin for peak in peaks_of(2026, ())}
    assert {season for season, origin in origins.items() if origin is Origin.PUBLIC} == {
        Season.SPRING_FESTIVAL, Season.NATIONAL_DAY,
    }  # fmt: skip
    assert Origin.OWN not in origins.values()


@pytest.mark.parametrize(
    "text",
    ["2027-03-15/2027-03-01", "2027-01-01/2027-12-31", "lunch 2027-03-01/2027-03-15", "2027-03-01", "x/y"],
)
def test_seasons_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  of dates: the words are Python's
        read_peaks(text)


def test_an_instance_takes_them_from_its_settings(tmp_path: Path) -> None:
    create_app(
        config.Settings(
            data=tmp_path, shifts="mon 08:00-12:00", days="-2026-11-23", peaks="2027-03-01/2027-03-15"
        )
    )
    assert calendar.spans_of(day("2026-11-16")) == ((8, 12),) and not calendar.is_working_day(
        day("2026-11-23")
    )
    assert season_of(day("2027-03-02")) is Season.OWN
    create_app(config.Settings(data=tmp_path))
    assert (
        calendar.shifts() == calendar.OFFICE
        and calendar.own_days() == {}
        and season_of(day("2027-03-02")) is None
    )


@pytest.mark.parametrize("name", ["shifts", "days", "peaks"])
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=f"TOUCHSTONE_{name.upper()} cannot be read"):
        create_app(config.Settings(data=tmp_path, **{name: "nonsense"}))
    seasons.use_peaks("")
