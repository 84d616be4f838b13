"""The comparison of faces."""

import base64
import itertools

from regula.facesdk.webclient.ext import MatchImage, MatchRequest
from regula.facesdk.webclient.gen import models as m
from regula.facesdk.webclient.gen.model.face_image_quality_align_type import FaceImageQualityAlignType as Align
from regula.facesdk.webclient.gen.model.face_sdk_result_code import FaceSDKResultCode as Code
from regula.facesdk.webclient.gen.model.image_source import ImageSource

from checks import between, equal, jpeg_size, refused, true
from setting import ALIKE, BIDEN, BLANK, NO_PICTURE, OBAMA, OBAMA2, PAIR, PICTURES, matching


def all_pairs():
    answer = matching.match(MatchRequest(images=[OBAMA, BIDEN, OBAMA2], tag="pairs_1"))
    equal("match: code", answer.code, Code.FACER_OK)
    pairs = {(r.first_index, r.second_index): r for r in answer.results}
    equal("match: all pairs", sorted(pairs), [(0, 1), (0, 2), (1, 2)])
    between("match: one person", pairs[0, 2].similarity, ALIKE, 1)
    for other in (0, 1), (1, 2):
        between(f"match: two persons {other}", pairs[other].similarity, 0, ALIKE - 0.1)
        true("match: score runs the other way", pairs[0, 2].score < pairs[other].score)
    equal("match: type is LIVE where none is given", (pairs[0, 1].first, pairs[0, 1].second), (ImageSource.LIVE,) * 2)
    equal("match: face indexes", (pairs[0, 1].first_face_index, pairs[0, 1].second_face_index), (0, 0))
    equal(
        "match: detections",
        [(d.image_index, d.status, len(d.faces)) for d in answer.detections],
        [(i, 0, 1) for i in range(3)],
    )
    face = answer.detections[0].faces[0]
    equal("match: a face", (face.face_index, len(face.landmarks), len(face.roi), face.crop), (0, 5, 4, None))
    between("match: rotation of an upright face", face.rotation_angle, -20, 20)


def options():
    images = [MatchImage(index=7, type=ImageSource.DOCUMENT_RFID, data=OBAMA), MatchImage(index=3, data=OBAMA)]
    crop = m.OutputImageParams(crop=m.Crop(type=Align.ALIGN_3x4, size=[300, 400]), background_color=[128, 128, 128])
    answer = matching.match(MatchRequest(images=images, output_image_params=crop))
    [pair] = answer.results
    told = {pair.first_index: pair.first, pair.second_index: pair.second}
    equal("match: given indexes and types", told, {7: ImageSource.DOCUMENT_RFID, 3: ImageSource.LIVE})
    between("match: a picture with itself", pair.similarity, 0.99, 1)
    between("match: its score", pair.score, 0, 0.1)
    for detection in answer.detections:
        equal("match: crop", jpeg_size(base64.b64decode(detection.faces[0].crop)), (300, 400))

    both = MatchImage(index=1, data=PAIR)
    both.detect_all = True
    answer = matching.match(MatchRequest(images=[both, MatchImage(index=2, data=OBAMA2)]))
    equal("match: detectAll", [len(d.faces) for d in answer.detections], [2, 1])
    equal("match: pairs with detectAll", len(answer.results), 3)
    best = max(answer.results, key=lambda r: r.similarity)
    equal("match: nearest pair", {best.first_index, best.second_index}, {1, 2})
    between("match: similarity of the nearest pair", best.similarity, ALIKE, 1)
    both.detect_all = False
    answer = matching.match(MatchRequest(images=[both, MatchImage(index=2, data=OBAMA2)]))
    equal("match: the central face alone", [len(d.faces) for d in answer.detections], [1, 1])


def group_pictures():
    pictures = [PICTURES / name for name in ("six_people.jpg", "two_people.jpg")]
    if not all(p.exists() for p in pictures):
        return
    images = [MatchImage(data=p.read_bytes()) for p in pictures]
    for image in images:
        image.detect_all = True
    answer = matching.match(MatchRequest(images=images))
    equal("groups: faces", [len(d.faces) for d in answer.detections], [6, 2])
    faces = [(d.image_index, f.face_index) for d in answer.detections for f in d.faces]
    pairs = {
        frozenset([(r.first_index, r.first_face_index), (r.second_index, r.second_face_index)]) for r in answer.results
    }
    equal(
        "groups: every pair of faces, once",
        (pairs, len(answer.results)),
        ({frozenset(p) for p in itertools.combinations(faces, 2)}, 28),
    )
    within = [r.similarity for r in answer.results if r.first_index == r.second_index]
    between("groups: nobody is twice in one picture", max(within), 0, ALIKE - 0.01)


def failures():
    answer = matching.match(MatchRequest(images=[OBAMA]))
    equal("match: one picture", answer.code, Code.FACER_LESS_THAN_TWO_IMAGES_IN_REQUEST)
    answer = matching.match(MatchRequest(images=[OBAMA, BLANK, OBAMA2]))
    equal("match: nobody on a picture", [d.status for d in answer.detections], [0, Code.FR_FACE_NOT_DETECTED, 0])
    equal("match: the other pictures", [(r.first_index, r.second_index) for r in answer.results], [(0, 2)])
    answer = matching.match(MatchRequest(images=[OBAMA, NO_PICTURE]))
    equal("match: no picture", [d.status for d in answer.detections], [0, Code.FR_IMAGE_DECODE_ERROR])
    equal("match: nothing to compare", answer.results, [])
    true("match: code of a failure", answer.code != Code.FACER_OK)
    with refused("match: one index twice", 400):
        matching.match(MatchRequest(images=[MatchImage(index=1, data=OBAMA), MatchImage(index=1, data=BIDEN)]))
    answer = matching.match(MatchRequest(images=["%%%", OBAMA]))
    equal("match: not in base64", [d.status for d in answer.detections], [Code.FR_IMAGE_DECODE_ERROR, 0])
