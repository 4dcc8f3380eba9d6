"""Owns a second set of questions for clause suggestion: real requests of shoppers about the clauses of other people's guidelines.

    python -m bench.clause_requests ../shared/data/complaints/bitext_dev.csv OUT/questions.csv

writes the columns text,clause_ids: the first 15 requests of each intent that the guidelines answer at all (see CLAUSES,
read from the titles by a person), for the standards that `bench.clause_questions` writes. Neither wording knows the
other, so a method that was fitted to the sentences of the guidelines shows it here.
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

MOST = 15  # of one intent
CLAUSES = {
    "cancel_order": "flow-02/c08",
    "change_order": "flow-02/c07 flow-02/c08 flow-07/c02",
    "change_shipping_address": "flow-07/c02 flow-05/c05",
    "check_payment_methods": "flow-02/c03 flow-05/c08",
    "check_refund_policy": "flow-10/c04 flow-01/c01 flow-01/c04 flow-01/c05 flow-01/c06",
    "delivery_options": "flow-07/c04 flow-02/c05 flow-02/c06",
    "delivery_period": "flow-02/c02 flow-07/c01",
    "edit_account": "flow-05/c05 flow-05/c06 flow-05/c07",
    "get_refund": "flow-01/c01",
    "payment_issue": "flow-04/c01 flow-02/c03 flow-05/c08",
    "place_order": "flow-02/c07",
    "recover_password": "flow-03/c02",
    "set_up_shipping_address": "flow-05/c05 flow-07/c02",
    "track_order": "flow-07/c01 flow-07/c03",
    "track_refund": "flow-01/c03",
}


def main() -> None:
    """Writes the table of questions and prints how many there are."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("requests", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    taken: Counter[str] = Counter()
    rows = []
    with given.requests.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            intent = row["intent"]
            if intent in CLAUSES and taken[intent] < MOST:
                taken[intent] += 1
                rows.append((row["utterance"], CLAUSES[intent]))
    with given.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "clause_ids"])
        writer.writerows(rows)
    print(f"{len(rows)} questions of {len(taken)} intents")


if __name__ == "__main__":
    main()
