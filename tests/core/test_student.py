"""Student's t: against printed tables and scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.core.student import t_quantile, t_two_sided, z_two_sided


@pytest.mark.parametrize(
    ("df", "confidence", "value"),
    [(1, 0.95, 12.706), (10, 0.95, 2.228), (30, 0.95, 2.042), (10, 0.99, 3.169), (120, 0.9, 1.658)],
)
def test_the_printed_table(df: float, confidence: float, value: float) -> None:
    assert round(t_quantile(confidence, df), 3) == value


@given(st.floats(-60, 60), st.floats(0.5, 5000))
def test_probabilities_agree_with_scipy(t: float, df: float) -> None:
    assert t_two_sided(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), abs=1e-10)


@given(st.floats(0.5, 0.999), st.floats(1, 2000))
def test_quantiles_agree_with_scipy(confidence: float, df: float) -> None:
    assert t_quantile(confidence, df) == pytest.approx(stats.t.ppf(0.5 + confidence / 2, df), rel=1e-8)


@pytest.mark.parametrize("z", [0, 0.5, 1.96, -1.96, 7.1, 40])
def test_normal_probabilities_agree_with_scipy(z: float) -> None:
    assert z_two_sided(z) == pytest.approx(2 * stats.norm.sf(abs(z)), abs=1e-12)


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="degrees"):
        t_two_sided(1, 0)
    with pytest.raises(ValueError, match="confidence"):
        t_quantile(1, 5)
