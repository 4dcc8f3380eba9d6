"""Owns how many statements a page may make, and the few pages that may make more, each with its reason. Measures nothing."""

QUERY_BUDGET = 10

# Address as the routes write it -> (most statements, why they are not fewer).
MORE: dict[str, tuple[int, str]] = {
    "/r/<number>": (
        12,
        "the page for life: nine rooms show their rows, those beside the revision come in one",
    ),
    "/r/<number>/dossier": (20, "the record of everything: one chapter of each room, each with its own rows"),
    "/r/<number>/review": (11, "all that a signature needs; one more where outside counsel was asked"),
    "/desk": (12, "a director's desk: the tasks of nine rooms, three numbers and the news"),
}


def budget_of(rule: str) -> int:
    """Returns the most statements that pages of a route may make."""
    return MORE.get(rule, (QUERY_BUDGET, ""))[0]
