"""How well templates tell people apart: the measures of `facekeep eval`, by numpy."""

import csv
import dataclasses
import pathlib

import numpy as np


@dataclasses.dataclass
class Figures:
    """Rates are 0 to 1. The pairs are the labelled ones; all is every picture with every other."""

    accuracy: float
    fnmr_pairs: float  # at FMR 1e-3
    fnmr_all3: float  # at FMR 1e-3
    fnmr_all4: float  # at FMR 1e-4


@dataclasses.dataclass
class Pairs:
    """The labelled pairs, as rows of a matrix of templates."""

    a: np.ndarray
    b: np.ndarray
    same: np.ndarray
    fold: np.ndarray

    @classmethod
    def read(cls, path: pathlib.Path, names: list[str]) -> "Pairs":
        at = {name: i for i, name in enumerate(names)}

        def row(person: str, index: str) -> int:
            return at[f"{person}/{person}_{int(index):04d}.jpg"]

        with path.open(encoding="utf-8") as f:
            lines = list(csv.DictReader(f, delimiter="\t"))
        return cls(
            np.array([row(p["name_a"], p["index_a"]) for p in lines]),
            np.array([row(p["name_b"], p["index_b"]) for p in lines]),
            np.array([p["same"] == "1" for p in lines]),
            np.array([int(p["fold"]) for p in lines]),
        )

    def pictures(self) -> set[int]:
        return set(self.a.tolist()) | set(self.b.tolist())


def fold_accuracy(score: np.ndarray, pairs: Pairs) -> float:
    """The mean over the folds, each judged by the threshold that is best on the others."""
    right = []
    for fold in np.unique(pairs.fold):
        test = pairs.fold == fold
        order = np.argsort(score[~test])
        s, same = score[~test][order], pairs.same[~test][order]
        # A threshold under s[i]: those before it are refused, the others match.
        hits = np.concatenate([[0], np.cumsum(~same)[:-1]]) + np.cumsum(same[::-1])[::-1]
        right.append(np.mean((score[test] >= s[hits.argmax()]) == pairs.same[test]))
    return float(np.mean(right))


def fnmr(mated: np.ndarray, nonmated: np.ndarray, fmr: float) -> float:
    """The part of mated scores that do not match at the lowest threshold whose FMR is at most fmr."""
    allowed = int(fmr * len(nonmated))
    edge = np.partition(nonmated, len(nonmated) - allowed - 1)[len(nonmated) - allowed - 1]
    return float(np.mean(mated <= edge))


def figures(templates: np.ndarray, names: list[str], pairs: Pairs) -> Figures:
    """What templates of unit length reach."""
    score = np.einsum("ij,ij->i", templates[pairs.a], templates[pairs.b])
    people = np.unique([n.split("/")[0] for n in names], return_inverse=True)[1]
    upper = np.triu_indices(len(names), 1)
    every = (templates @ templates.T)[upper]
    mated = people[upper[0]] == people[upper[1]]
    return Figures(
        fold_accuracy(score, pairs),
        fnmr(score[pairs.same], score[~pairs.same], 1e-3),
        fnmr(every[mated], every[~mated], 1e-3),
        fnmr(every[mated], every[~mated], 1e-4),
    )
