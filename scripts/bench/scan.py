"""Compares the exact index with faiss and numpy on this machine, in one run.

The three take turns, several rounds long, and the medians count: other users of the
machine then slow all of them. Every one of them searches the same number of random
unit vectors of 128 dimensions for the ten nearest of one probe.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

DIM, NEAREST = 128, 10


def peers(rows: int, threads: int, repeats: int) -> dict[str, float]:
    """Milliseconds of a search by each peer: the median of some."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(threads)
    rng = np.random.default_rng(1)
    base = rng.standard_normal((rows, DIM), dtype=np.float32)
    base /= np.linalg.norm(base, axis=1, keepdims=True)
    probes = rng.standard_normal((repeats, DIM), dtype=np.float32)
    probes /= np.linalg.norm(probes, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(DIM)
    index.add(base)

    def numpy_search(probe):
        scores = base @ probe
        best = np.argpartition(scores, -NEAREST)[-NEAREST:]
        return best[np.argsort(-scores[best])]

    out = {}
    for name, search in (("faiss IndexFlatIP", lambda p: index.search(p[None], NEAREST)), ("numpy", numpy_search)):
        search(probes[0])
        took = []
        for probe in probes:
            begun = time.perf_counter()
            search(probe)
            took.append(time.perf_counter() - begun)
        out[name] = statistics.median(took) * 1e3
    return out


def ours(binary: str, rows: int, threads: int, repeats: int) -> dict[str, float]:
    """Milliseconds of a search by the index, and of reading its memory."""
    bench = f"^BenchmarkScan$/^rows={rows}$|^BenchmarkMemory$/^readers={threads}$"
    text = subprocess.run(
        [binary, "-test.run=^$", f"-test.bench={bench}", f"-test.benchtime={repeats}x", f"-test.cpu={threads}"],
        check=True, capture_output=True, text=True,
    ).stdout
    out = {}
    for name, ns in re.findall(r"^(Benchmark\S+)\s+\d+\s+([\d.]+) ns/op", text, re.M):
        ms = float(ns) / 1e6
        if "Memory" in name:
            out["reading the vectors"] = ms / (512 << 20) * rows * DIM * 4
        elif "codes" in name:
            out["facekeep, codes first"] = ms
        else:
            out["facekeep, vectors alone"] = ms
    return out


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("binary", help="the tests of vectorstore/exact, built by go test -c")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--repeats", type=int, default=50, help="searches of a round")
    p.add_argument("--peers", help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.peers:
        rows, threads = map(int, a.peers.split(","))
        json.dump(peers(rows, threads, a.repeats), sys.stdout)
        return
    print(f"load {os.getloadavg()[0]:.1f}; ms, medians of {a.rounds} rounds of {a.repeats} searches\n")
    print("| templates | threads | | ms | ÷ reading the vectors |\n|---|---|---|---|---|")
    for rows, threads in ((10_000, 1), (100_000, 1), (1_000_000, 1), (1_000_000, 2)):
        all_ms: dict[str, list[float]] = {}
        for _ in range(a.rounds):
            env = os.environ | {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
            theirs = subprocess.run(
                [sys.executable, __file__, a.binary, "--repeats", str(a.repeats), "--peers", f"{rows},{threads}"],
                check=True, capture_output=True, text=True, env=env,
            ).stdout
            for name, ms in (json.loads(theirs) | ours(a.binary, rows, threads, a.repeats)).items():
                all_ms.setdefault(name, []).append(ms)
        medians = {name: statistics.median(ms) for name, ms in all_ms.items()}
        for name in ("reading the vectors", "facekeep, codes first", "facekeep, vectors alone", "faiss IndexFlatIP", "numpy"):
            print(f"| {rows:,} | {threads} | {name} | {medians[name]:.2f} | {medians[name] / medians['reading the vectors']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
