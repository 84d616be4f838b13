"""Measures options of ONNX Runtime's sessions by the models of a search, on the CPU.

Each option is measured alone against the engine's options (one thread, no pattern of
memory, no spinning), on random pictures.
"""

import argparse
import concurrent.futures
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime as ort

import sessions

SHAPES = {  # of the runs of a search
    "YuNet 320 × 256": ("yunet_n_dynamic.onnx", (1, 3, 256, 320)),
    "YuNet 160 × 160": ("yunet_n_dynamic.onnx", (1, 3, 160, 160)),
    "MobileFaceNet": ("MobileFaceNet.onnx", (1, 3, 112, 112)),
    "age": ("age-v1.onnx", (1, 3, 64, 64)),
    "gender": ("gender-v1.onnx", (1, 3, 32, 32)),
}
LEVEL = ort.GraphOptimizationLevel
OPTIONS = {  # entries, attributes
    "the engine's": ({}, {}),
    "no optimisation of the graph": ({}, {"graph_optimization_level": LEVEL.ORT_DISABLE_ALL}),
    "basic": ({}, {"graph_optimization_level": LEVEL.ORT_ENABLE_BASIC}),
    "extended": ({}, {"graph_optimization_level": LEVEL.ORT_ENABLE_EXTENDED}),
    "no arena": ({}, {"enable_cpu_mem_arena": False}),
    "pattern of memory": ({}, {"enable_mem_pattern": True}),
    "denormals as zero": ({"session.set_denormal_as_zero": "1"}, {}),
    "no prepacking": ({"session.disable_prepacking": "1"}, {}),
}


def pictures(shape: tuple[int, ...]) -> np.ndarray:
    x = np.random.default_rng(1).random(shape, dtype=np.float32)
    return x * 255 if shape[-1] > 112 else x * 4 - 2


def runner(s: ort.InferenceSession, shape: tuple[int, ...]):
    feed = {s.get_inputs()[0].name: pictures(shape)}
    return lambda: s.run(None, feed)


def single(a: argparse.Namespace) -> None:
    """Processor time of a run, by option."""
    columns = []
    for file, shape in SHAPES.values():
        runs = {name: runner(sessions.load(a.models / file, e, **more), shape) for name, (e, more) in OPTIONS.items()}
        columns.append(sessions.in_turns(runs, a.rounds, a.repeats))
    print(f"| ms of a run | {' | '.join(SHAPES)} |\n|{'---|' * (1 + len(SHAPES))}")
    for name in OPTIONS:
        print(f"| {name} | {' | '.join(f'{c[name]:.2f}' for c in columns)} |")


def saved(a: argparse.Namespace) -> None:
    """Loading a model as it is, and one saved as optimised."""
    print("\n| | ms to load | saved: ms to load | ms of a run | saved: ms of a run |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("YuNet 320 × 256", "MobileFaceNet"):
            file, shape = SHAPES[name]
            to = pathlib.Path(folder) / file
            sessions.load(a.models / file, optimized_model_filepath=str(to))
            loads = {
                "plain": lambda: sessions.load(a.models / file),
                "saved": lambda: sessions.load(to, graph_optimization_level=LEVEL.ORT_DISABLE_ALL),
            }
            load = sessions.in_turns(loads, a.rounds, 5)
            run = sessions.in_turns({k: runner(make(), shape) for k, make in loads.items()}, a.rounds, a.repeats)
            print(f"| {name} | {load['plain']:.1f} | {load['saved']:.1f} | {run['plain']:.2f} | {run['saved']:.2f} |")


def resident() -> float:
    """MiB of memory of this process."""
    pages = int(pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def memory_of(a: argparse.Namespace, option: str) -> None:
    """Prints what the sessions of a search take in a fresh process: loaded, run, run on a larger picture."""
    entries, attributes = OPTIONS[option]
    sessions.load(a.models / "gender-v1.onnx")  # the library's own
    before, kept = resident(), {}
    for file in {f for f, _ in SHAPES.values()}:
        kept[file] = sessions.load(a.models / file, entries, **attributes)
    loaded = resident()
    for _ in range(20):
        for file, shape in SHAPES.values():
            runner(kept[file], shape)()
    run = resident()
    large = runner(kept["yunet_n_dynamic.onnx"], (1, 3, 1280, 1280))
    for _ in range(3):
        large()
    del large
    print(loaded - before, run - before, resident() - before)


def memory(a: argparse.Namespace) -> None:
    """Resident memory by option, medians of fresh processes."""
    print("\n| MiB resident beside the library | loaded | after runs | after runs at 1280 × 1280 |\n|---|---|---|---|")
    for option in ("the engine's", "no arena", "no prepacking"):
        command = [sys.executable, __file__, "--models", str(a.models), "--memory-of", option]
        got = [[float(v) for v in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()] for _ in range(5)]
        print(f"| {option} | {' | '.join(f'{statistics.median(v):.0f}' for v in zip(*got))} |")


def throughput(work, workers: int, runs: int) -> tuple[float, float]:
    """Milliseconds of a run by the clock and of all processors, with some workers at it."""
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        wall, cpu = time.perf_counter(), time.process_time()
        list(pool.map(lambda i: work[i % workers](), range(runs)))
        return (time.perf_counter() - wall) / runs * 1e3, (time.process_time() - cpu) / runs * 1e3


def threads(a: argparse.Namespace) -> None:
    """Workers with a thread each, against one with two threads."""
    spin = {"session.intra_op.allow_spinning": "1"}
    ways = {"1 worker, 1 thread": (1, 1, {}), "2 workers, 1 thread each": (2, 1, {}), "1 worker, 2 threads": (1, 2, {}),
            "1 worker, 2 threads that spin": (1, 2, spin), "2 workers, 2 threads each": (2, 2, {})}
    print("\n| ms of a run, by the clock / of processors |", " | ".join(n for n in SHAPES if n != "gender" and n != "age"), "|\n|---|---|---|---|")
    columns = []
    for file, shape in list(SHAPES.values())[:3]:
        work = {n: [runner(sessions.load(a.models / file, e, intra_op_num_threads=t), shape) for _ in range(w)] for n, (w, t, e) in ways.items()}
        took: dict[str, list[tuple[float, float]]] = {n: [] for n in ways}
        for _ in range(a.rounds):
            for n, (w, _, _) in ways.items():
                took[n].append(throughput(work[n], w, a.repeats * 2))
        columns.append({n: [statistics.median(v) for v in zip(*t)] for n, t in took.items()})
    for n in ways:
        print(f"| {n} | {' | '.join(f'{c[n][0]:.2f} / {c[n][1]:.2f}' for c in columns)} |")


def batch(a: argparse.Namespace) -> None:
    """Two looks at a face in one run, against two runs."""
    s = sessions.load(a.models / "yunet_n_dynamic.onnx")
    one, both = runner(s, (1, 3, 160, 160)), runner(s, (2, 3, 160, 160))
    ms = sessions.in_turns({"two runs": lambda: (one(), one()), "a batch of two": both}, a.rounds, a.repeats)
    print("\nYuNet 160 × 160 twice:", ", ".join(f"{name} {v:.2f} ms" for name, v in ms.items()))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--models", type=pathlib.Path, required=True)
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--repeats", type=int, default=20, help="runs of a round")
    p.add_argument("--memory-of", choices=OPTIONS, help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.memory_of:
        memory_of(a, a.memory_of)
        return
    print(f"{sessions.load_average()}; processor time, medians of {a.rounds} rounds of {a.repeats} runs in turns\n")
    for part in (single, saved, memory, threads, batch):
        part(a)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
