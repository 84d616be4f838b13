"""The faces of LFW, aligned as the engine aligns them.

A detector finds the face nearest the middle of a picture, then looks at it twice more,
upright at the size that alignment wants, as it is and mirrored; the mean of both sets of
landmarks decides what the extractor sees.
"""

import hashlib
import pathlib

import cv2
import numpy as np

import sessions

SIDE, LOOK = 112, 160
STRIDES = (8, 16, 32)
PLACES = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
MIRRORED = [1, 0, 2, 4, 3]  # the order of the landmarks of a mirrored face
MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32) * 255


class Detector:
    """YuNet, by one thread of ONNX Runtime."""

    def __init__(self, model: pathlib.Path):
        self.session = sessions.load(model)
        self.names = [o.name for o in self.session.get_outputs()]

    def best(self, image: np.ndarray, least: float) -> np.ndarray | None:
        """The landmarks of the face with the best mark, which falls with its way to the middle."""
        x = blob(image)
        h, w = x.shape[2:]
        out = dict(zip(self.names, self.session.run(None, {"input": x})))
        marks, points = [], []
        for s in STRIDES:
            y, x = np.mgrid[: h // s, : w // s]
            cells = np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)
            score = np.sqrt(np.clip(out[f"cls_{s}"][0, :, 0] * out[f"obj_{s}"][0, :, 0], 0, 1))
            landmarks = (out[f"kps_{s}"][0].reshape(-1, 5, 2) + cells[:, None]) * s
            away = np.linalg.norm(landmarks.mean(1) - np.array(image.shape[1::-1]) / 2, axis=1)
            marks.append(np.where(score >= least, score - away / max(image.shape), -np.inf))
            points.append(landmarks)
        marks = np.concatenate(marks)
        at = int(marks.argmax())
        return np.concatenate(points)[at] if marks[at] > -np.inf else None


def blob(image: np.ndarray) -> np.ndarray:
    """What YuNet takes of a BGR picture: its sides filled up to multiples of 32."""
    h, w = (-(-n // 32) * 32 for n in image.shape[:2])
    padded = np.zeros((h, w, 3), np.float32)
    padded[: image.shape[0], : image.shape[1]] = image
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None])


def similarity(points: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The 2 × 3 matrix of turn, scale and shift that brings points nearest to places."""
    z, to = points @ [1, 1j], places @ [1, 1j]
    a = np.vdot(z - z.mean(), to - to.mean()) / np.vdot(z - z.mean(), z - z.mean())
    b = to.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def aligned(detector: Detector, image: np.ndarray) -> np.ndarray | None:
    """The face of a BGR picture as an RGB square, or None if there is no face."""
    points = detector.best(image, 0.6)
    if points is None:
        return None
    to_look = similarity(points, PLACES + (LOOK - SIDE) / 2)
    look = cv2.warpAffine(image, to_look, (LOOK, LOOK))
    known = points @ to_look[:, :2].T + to_look[:, 2]
    straight, mirrored = detector.best(look, 0.3), detector.best(look[:, ::-1], 0.3)
    straight = known if straight is None else straight
    mirrored = known if mirrored is None else (mirrored * [-1, 1] + [LOOK, 0])[MIRRORED]
    mean = ((straight + mirrored) / 2 - to_look[:, 2]) @ np.linalg.inv(to_look[:, :2]).T
    return cv2.cvtColor(cv2.warpAffine(image, similarity(mean, PLACES), (SIDE, SIDE)), cv2.COLOR_BGR2RGB)


def tensor(crop: np.ndarray) -> np.ndarray:
    """What MobileFaceNet takes of an aligned face."""
    return np.ascontiguousarray(((crop - MEAN) / DEVIATION).transpose(2, 0, 1)[None], np.float32)


def all_of(images: pathlib.Path, model: pathlib.Path, kept: pathlib.Path) -> dict[str, np.ndarray]:
    """The aligned faces of a folder by "person/file"; made once for each detector and kept."""
    files = sorted(images.glob("*/*.jpg"))
    key = hashlib.sha256(model.read_bytes() + pathlib.Path(__file__).read_bytes()).hexdigest()[:16]
    store = kept / f"faces-{key}.npz"
    if not store.exists():
        detector = Detector(model)
        found = {f"{f.parent.name}/{f.name}": aligned(detector, cv2.imread(str(f))) for f in files}
        store.parent.mkdir(parents=True, exist_ok=True)
        np.savez(store, **{name: face for name, face in found.items() if face is not None})
    with np.load(store) as z:
        return dict(z)
