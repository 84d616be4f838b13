"""Sessions of ONNX Runtime as the engine makes them, and how they are timed."""

import os
import pathlib
import statistics
import time
from collections.abc import Callable

import onnxruntime as ort

ENTRIES = {"session.intra_op.allow_spinning": "0", "session.inter_op.allow_spinning": "0"}


def options(entries: dict[str, str] | None = None, **attributes) -> ort.SessionOptions:
    """The engine's options, with other ones where they are given."""
    o = ort.SessionOptions()
    for name, value in ({"intra_op_num_threads": 1, "inter_op_num_threads": 1, "enable_mem_pattern": False, "log_severity_level": 3} | attributes).items():
        setattr(o, name, value)
    for key, value in (ENTRIES | (entries or {})).items():
        o.add_session_config_entry(key, value)
    return o


def load(model: pathlib.Path | bytes, entries: dict[str, str] | None = None, **attributes) -> ort.InferenceSession:
    """A session on the CPU."""
    source = model if isinstance(model, bytes) else str(model)
    return ort.InferenceSession(source, options(entries, **attributes), providers=["CPUExecutionProvider"])


def in_turns(runs: dict[str, Callable[[], object]], rounds: int, repeats: int, clock: Callable[[], float] = time.thread_time) -> dict[str, float]:
    """Milliseconds of each run by the clock: the median of the rounds' medians.

    The runs take turns, so that other users of the machine slow all of them.
    """
    took: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            run(), run()  # what the turns before have left in the caches is not its own
            each = []
            for _ in range(repeats):
                begun = clock()
                run()
                each.append(clock() - begun)
            took[name].append(statistics.median(each) * 1e3)
    return {name: statistics.median(ms) for name, ms in took.items()}


def load_average() -> str:
    """The machine's load, to print beside figures."""
    return f"load {os.getloadavg()[0]:.1f}"
