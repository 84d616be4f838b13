"""The detection of faces: crops, quality, attributes."""

import base64
import json

from regula.facesdk.webclient.ext import DetectRequest
from regula.facesdk.webclient.gen import models as m
from regula.facesdk.webclient.gen.model.face_image_quality_align_type import FaceImageQualityAlignType as Align
from regula.facesdk.webclient.gen.model.face_sdk_result_code import FaceSDKResultCode as Code

from checks import between, equal, jpeg_size, true
from setting import BLANK, NEWER, NO_PICTURE, OBAMA, PAIR, matching, raw


def detect(picture, process=None, **kwargs):
    return matching.detect(DetectRequest(picture, process_param=process, **kwargs))


def faces():
    answer = detect(OBAMA, tag="d-1")
    equal("detect: code", answer.code, Code.FACER_OK)
    [face] = answer.results.detections
    x, y, width, height = face.roi
    equal(
        "detect: five landmarks in the face",
        [x <= a <= x + width and y <= b <= y + height for a, b in face.landmarks],
        [True] * 5,
    )
    equal("detect: nothing that was not asked for", (face.crop, face.quality, face.attributes), (None, None, None))
    seconds = answer.results.elapsed_time / 1000 if NEWER else answer.results.timer
    between("detect: time taken", seconds, 0, 60)
    equal("detect: all faces", len(detect(PAIR).results.detections), 2)
    central = detect(PAIR, m.ProcessParam(only_central_face=True))
    equal("detect: the central face", len(central.results.detections), 1)
    if not NEWER:
        [face] = detect(OBAMA, thumbnails=True).results.detections
        true("detect: thumbnail", jpeg_size(base64.b64decode(face.thumbnail)))
    answer = detect(BLANK)
    equal("detect: nobody", (answer.code, answer.results.detections), (Code.FR_FACE_NOT_DETECTED, []))
    equal("detect: no picture", detect(NO_PICTURE).code, Code.FR_IMAGE_DECODE_ERROR)
    equal("detect: not in base64", detect("%%%").code, Code.FR_IMAGE_DECODE_ERROR)


def crops():
    aspects = {
        Align.ALIGN_3x4: 3 / 4,
        Align.ALIGN_4x5: 4 / 5,
        Align.ALIGN_2x3: 2 / 3,
        Align.ALIGN_1x1: 1,
        Align.ALIGN_7x9: 7 / 9,
    }
    for kind, aspect in aspects.items():
        crop = m.OutputImageParams(crop=m.Crop(type=kind, pad_color=[0, 200, 0]))
        [face] = detect(OBAMA, m.ProcessParam(output_image_params=crop)).results.detections
        width, height = jpeg_size(base64.b64decode(face.crop))
        between(f"detect: aspect of crop {kind}", width / height, aspect * 0.98, aspect * 1.02)
    for size, resized in ([280, 360], True), ([300, 400], False):
        crop = m.OutputImageParams(crop=m.Crop(type=Align.ALIGN_7x9, size=size))
        [face] = detect(OBAMA, m.ProcessParam(output_image_params=crop)).results.detections
        got = jpeg_size(base64.b64decode(face.crop))
        equal(f"detect: crop of size {size} is resized", got == tuple(size), resized)


def quality():
    config = [
        m.QualityConfig(name="ImageWidth", range=[100, 1000]),
        m.QualityConfig(name="ImageHeight", range=[10, 20]),
        m.QualityConfig(name="Yaw"),
    ]
    [face] = detect(OBAMA, m.ProcessParam(quality=m.QualityRequest(config=config))).results.detections
    details = {d.name: d for d in face.quality.details}
    equal("quality: what was asked for", sorted(details), ["ImageHeight", "ImageWidth", "Yaw"])
    width, height = jpeg_size(OBAMA)
    equal(
        "quality: width",
        (details["ImageWidth"].value, details["ImageWidth"].status, details["ImageWidth"].range),
        (width, 1, [100, 1000]),
    )
    equal(
        "quality: height",
        (details["ImageHeight"].value, details["ImageHeight"].status, details["ImageHeight"].range),
        (height, 0, [10, 20]),
    )
    if details["Yaw"].status != 2:  # a pack without a model of the pose cannot tell
        between("quality: yaw of a face turned to the camera", details["Yaw"].value, -20, 20)
    equal("quality: not compliant", face.quality.non_compliant, ["ImageHeight"])
    equal("quality: groups", sum(g.total_count for g in face.quality.details_groups), 3)
    between("quality: score", face.quality.score, 0, 1)

    answer = detect(OBAMA, m.ProcessParam(scenario="QualityICAO"))
    equal("quality: scenario", answer.results.scenario, "QualityICAO")
    [face] = answer.results.detections
    between("quality: details of a scenario", len(face.quality.details), 10, 48)
    equal(
        "quality: groups of a scenario",
        sum(g.total_count for g in face.quality.details_groups),
        len(face.quality.details),
    )
    for name, faces in ("CropCentralFace", 1), ("CropAllFaces", 2), ("Thumbnail", 1):
        found = detect(PAIR, m.ProcessParam(scenario=name)).results.detections
        equal(f"scenario {name}: faces with crop", [bool(f.crop) for f in found], [True] * faces)


def attributes():
    wanted = m.ProcessParam(attributes=m.ProcessParamAttributes(config=[m.AttributeConfig(name="Age")]))
    _, body = raw(matching.detect, DetectRequest(OBAMA, process_param=wanted))  # 7.2 cannot read details
    [face] = json.loads(body)["results"]["detections"]
    [age] = face["attributes"]["details"]
    equal("attributes: what was asked for", age["name"], "Age")
    low, high = age["value"]
    true("attributes: age of a grown man", 18 <= low <= high <= 90, age)
    if not NEWER:
        [face] = detect(OBAMA, wanted).results.detections
        equal("attributes: as the client reads them", face.attributes.details, [age])
