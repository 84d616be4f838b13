"""Makes INT8 and FP16 variants of the extractor and the detector, and measures them.

The extractors see the same aligned faces of LFW. Ranges are calibrated on pictures that
are in none of the labelled pairs (of people who are, for every person of the set is).
"""

import argparse
import logging
import pathlib
import statistics

import cv2
import numpy as np
from onnxruntime import quantization as q

import faces
import sessions
import variants
import verification

CALIBRATE, JUDGE = 300, 100  # pictures


class Bench:
    """The pictures and where everything lies."""

    def __init__(self, a: argparse.Namespace):
        self.args = a
        self.extractor, self.detector = a.models / "MobileFaceNet.onnx", a.models / "yunet_n_dynamic.onnx"
        self.faces = faces.all_of(a.lfw / "images", self.detector, a.kept)
        self.names = list(self.faces)
        self.pairs = verification.Pairs.read(a.lfw / "pairs.tsv", self.names)
        tested = self.pairs.pictures()
        self.spare = [n for i, n in enumerate(self.names) if i not in tested]

    def picture(self, name: str) -> np.ndarray:
        return cv2.imread(str(self.args.lfw / "images" / name))

    def made(self, model: pathlib.Path, makers: dict[str, variants.Maker]) -> dict[str, pathlib.Path]:
        """The files of the variants, the model itself first."""
        prepared = variants.prepared(model, self.args.kept / f"{model.stem}.onnx")
        out = {"as it is": model}
        for name, make in makers.items():
            out[name] = self.args.kept / f"{model.stem}, {name}.onnx"
            make(prepared, out[name])
        return out

    def timed(self, files: dict[str, pathlib.Path], inputs: list[np.ndarray]) -> list[dict[str, float]]:
        """Milliseconds of processor time of a run by each of them, for each input."""
        loaded = {name: sessions.load(f) for name, f in files.items()}
        key = next(iter(loaded.values())).get_inputs()[0].name
        return [
            sessions.in_turns({n: lambda s=s: s.run(None, {key: x}) for n, s in loaded.items()}, self.args.rounds, self.args.repeats)
            for x in inputs
        ]

    def extractors(self) -> None:
        inputs = [faces.tensor(self.faces[n]) for n in self.spare[:: len(self.spare) // CALIBRATE][:CALIBRATE]]
        ends = {"first": 2, "last": 3, "average": True}
        files = self.made(self.extractor, {
            "FP16": variants.half,
            "INT8 dynamic": variants.dynamic,
            "INT8": variants.static(inputs),
            "INT8, ends FP32": variants.static(inputs, **ends),
            "INT8, ends FP32, weights of 7 bits": variants.static(inputs, **ends, weights_7bit=True),
            "INT8, ends FP32, activations signed": variants.static(inputs, **ends, activations=q.QuantType.QInt8),
        })
        ms = self.timed(files, inputs[:1])[0]
        print("| MobileFaceNet | ms | speed | MB | cosine to FP32 | accuracy | FNMR at 1e-3, pairs | at 1e-3, all | at 1e-4, all |\n|" + "---|" * 9)
        original = None
        for name, f in files.items():
            templates = self.templates(f)
            original = templates if original is None else original
            cosine = float(np.mean(np.sum(templates * original, 1)))
            r = verification.figures(templates, self.names, self.pairs)
            print(f"| {name} | {ms[name]:.2f} | {ms['as it is'] / ms[name]:.2f} | {f.stat().st_size / 1e6:.1f} | {cosine:.4f} | {r.accuracy:.4f}"
                  f" | {r.fnmr_pairs:.4f} | {r.fnmr_all3:.4f} | {r.fnmr_all4:.4f} |", flush=True)

    def templates(self, model: pathlib.Path) -> np.ndarray:
        s = sessions.load(model)
        out = np.concatenate([s.run(None, {"input0": faces.tensor(face)})[0] for face in self.faces.values()])
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    def detectors(self) -> None:
        step = len(self.spare) // CALIBRATE
        inputs = [faces.blob(self.picture(n)) for n in self.spare[::step][:CALIBRATE]]
        files = self.made(self.detector, {
            "FP16": variants.half,
            "INT8 dynamic": variants.dynamic,
            "INT8": variants.static(inputs),
            "INT8, ends FP32": variants.static(inputs, first=2, last=24, average=True),  # 24: the heads
        })
        look = np.ascontiguousarray(inputs[0][:, :, 48:208, 48:208])
        wide = np.ascontiguousarray(np.pad(inputs[0], ((0, 0), (0, 0), (0, 0), (0, 64))))
        at_wide, at_look = self.timed(files, [wide, look])
        judged = [self.picture(n) for n in self.spare[1::step][:JUDGE]]
        right = [faces.Detector(self.detector).best(p, 0.3) for p in judged]
        print("\n| YuNet n | ms at 320 × 256 | speed | ms at 160 × 160 | speed | landmarks off by, px of 250 | faces missed |\n|" + "---|" * 7)
        for name, f in files.items():
            found = [faces.Detector(f).best(p, 0.3) for p in judged]
            off = [np.linalg.norm(a - b, axis=1).mean() for a, b in zip(found, right) if a is not None and b is not None]
            print(f"| {name} | {at_wide[name]:.2f} | {at_wide['as it is'] / at_wide[name]:.2f} | {at_look[name]:.2f}"
                  f" | {at_look['as it is'] / at_look[name]:.2f} | {statistics.mean(off):.2f} | {sum(p is None for p in found)} |", flush=True)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--models", type=pathlib.Path, required=True)
    p.add_argument("--lfw", type=pathlib.Path, required=True, help="folder of images/ and pairs.tsv")
    p.add_argument("--kept", type=pathlib.Path, required=True, help="folder for the aligned faces and the variants")
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--repeats", type=int, default=20, help="runs of a round")
    p.add_argument("--only", choices=("extractors", "detectors"))
    a = p.parse_args()
    logging.getLogger().setLevel(logging.ERROR)  # the tools' advice
    bench = Bench(a)
    print(f"{sessions.load_average()}; ms of processor time, medians of {a.rounds} rounds of {a.repeats} runs in turns\n")
    if a.only != "detectors":
        bench.extractors()
    if a.only != "extractors":
        bench.detectors()


if __name__ == "__main__":
    main()
