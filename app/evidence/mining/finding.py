"""Owns one run over complaints as plain data: issues with members, names, examples and likely clauses. Keeps nothing."""

import sys
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from app.evidence.mining.clauses import ClauseIndex, ClauseText
from app.evidence.mining.clusters import Groups, find_groups
from app.evidence.mining.encoder import Encoder, make_encoder
from app.evidence.mining.words import holds_han
from app.evidence.terms import count_phrases, telling_phrases

TYPICAL = 30
TEXTS_FOR_NAMES = 200
TEXTS_ELSEWHERE = 1_000
LEAST_TEXTS, LEAST_SHARE = 2, 0.1


def find(asked: dict[str, Any]) -> dict[str, Any]:
    """Answers `{texts, known, groups, background, clauses, learned}` with `{issues: [{group, members, typical, terms, clauses}]}`.

    `known` is {place: group} of `fixed` confirmed groups, `out` [[place, group]] what a person took out of
    one, `clauses` are {key, chapter, heading, body}, `learned` [[text, clause key]]. `members` and `typical`
    are places; `terms` is {language: phrases}; `clauses` are [[key, score]] by falling score.
    """
    texts: list[str] = asked["texts"]
    if not texts:
        return {"issues": []}
    encoder = make_encoder()
    found = find_groups(
        texts,
        encoder,
        groups=asked.get("groups"),
        known={int(place): group for place, group in asked.get("known", {}).items()},
        fixed=asked.get("fixed", 0),
        out=[(place, group) for place, group in asked.get("out", [])],
        progress=_tell,
    )
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(found.labels.tolist()):
        members[group].append(place)
    names = _names(texts, members, found, asked.get("background", []))
    typical = {group: _typical(found, group, places) for group, places in members.items()}
    clauses = _clauses(asked, encoder, {g: [texts[n] for n in typical[g][:TYPICAL]] for g in members})
    return {
        "encoder": encoder.name,
        "issues": [
            {
                "group": group,
                "members": places,
                "typical": typical[group],
                "terms": names[group],
                "clauses": clauses.get(group, []),
            }
            for group, places in sorted(members.items())
        ],
    }


def _tell(done: int, of_all: int) -> None:
    print(f"{done}/{of_all}", file=sys.stderr, flush=True)


def _typical(found: Groups, group: int, places: list[int]) -> list[int]:
    """Returns members nearest to the centre first, of those that were encoded; others where none was."""
    inside = np.flatnonzero(found.labels[found.sample] == group)
    if not len(inside):
        return places[:TYPICAL]
    near = found.vectors[inside] @ found.centres[group]
    order = np.argsort(-near, kind="stable")[:TYPICAL]
    return [int(n) for n in found.sample[inside[order]]]


def _names(
    texts: list[str], members: dict[int, list[int]], found: Groups, background: list[str]
) -> dict[int, dict[str, list[str]]]:
    """Returns the phrases that tell each group from all others, for each language its own."""
    made: dict[int, dict[str, list[str]]] = {group: {} for group in members}
    for language in ("zh", "en"):
        said, sizes = {}, {}
        for group, places in members.items():
            own = [texts[n] for n in places[:TEXTS_FOR_NAMES] if language_of(texts[n]) == language]
            said[group], sizes[group] = count_phrases(own), len(own)
        everywhere: Counter[str] = Counter()
        for counts in said.values():
            everywhere.update(counts)
        others = [text for text in background if language_of(text) == language][:TEXTS_ELSEWHERE]
        everywhere.update(count_phrases(others))
        all_texts = sum(sizes.values()) + len(others)
        for group, counts in said.items():
            least = max(LEAST_TEXTS, LEAST_SHARE * sizes[group])
            wanted = {phrase: count for phrase, count in counts.items() if count >= least}
            rest = {phrase: everywhere[phrase] - count for phrase, count in wanted.items()}
            terms = telling_phrases(wanted, sizes[group], rest, all_texts - sizes[group]) if wanted else ()
            if terms:
                made[group][language] = list(terms)
    return made


def _clauses(
    asked: dict[str, Any], encoder: Encoder, typical: dict[int, list[str]]
) -> dict[int, list[tuple[str, float]]]:
    clauses = [ClauseText(**one) for one in asked.get("clauses", [])]
    if not clauses:
        return {}
    index = ClauseIndex(clauses, encoder, [(text, key) for text, key in asked.get("learned", [])])
    made = {}
    for group, texts in typical.items():
        row = index.scores(texts).mean(axis=0)
        order = np.argsort(-row, kind="stable")[:5]
        made[group] = [(index.keys[n], round(float(row[n]), 3)) for n in order]
    return made


def language_of(text: str) -> str:
    """Returns zh for a text with a Chinese character, else en."""
    return "zh" if holds_han(text) else "en"
