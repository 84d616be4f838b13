"""Compares the templates of INT8 variants on this processor and on one without VNNI.

Sums of 8-bit products are exact with VNNI and may saturate without it. The other
processor is an emulated one: its templates count, its speed does not.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import faces
import sessions

EMULATED = ["qemu-x86_64", "-cpu", "EPYC"]  # AVX2, neither AVX-512 nor VNNI


def templates(model: pathlib.Path, crops: list[np.ndarray]) -> np.ndarray:
    s = sessions.load(model)
    out = np.concatenate([s.run(None, {"input0": faces.tensor(c)})[0] for c in crops])
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def emulated(model: pathlib.Path, crops: list[np.ndarray]) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        given, to = pathlib.Path(folder) / "crops.npy", pathlib.Path(folder) / "templates.npy"
        np.save(given, crops)
        command = [*EMULATED, sys.executable, __file__, "--crops", str(given), "--to", str(to), str(model)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return np.load(to)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("variants", type=pathlib.Path, nargs="+", help="the first is what the others are variants of")
    p.add_argument("--kept", type=pathlib.Path, help="folder with the aligned faces, as quantize.py leaves it")
    p.add_argument("--faces", type=int, default=16)
    p.add_argument("--crops", type=pathlib.Path, help=argparse.SUPPRESS)
    p.add_argument("--to", type=pathlib.Path, help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.to:
        np.save(a.to, templates(a.variants[0], list(np.load(a.crops))))
        return
    with np.load(next(a.kept.glob("faces-*.npz"))) as z:
        names = sorted(z)
        crops = [z[n] for n in names[:: len(names) // a.faces][: a.faces]]
    original = templates(a.variants[0], crops)
    print("| cosine | here, to the original | without VNNI, to the original | here, to without VNNI | least |\n|---|---|---|---|---|")
    for v in a.variants:
        here, there = templates(v, crops), emulated(v, crops)
        of = [np.sum(x * y, 1) for x, y in ((here, original), (there, original), (here, there))]
        print(f"| {v.stem} | {of[0].mean():.4f} | {of[1].mean():.4f} | {of[2].mean():.4f} | {of[2].min():.4f} |", flush=True)


if __name__ == "__main__":
    main()
