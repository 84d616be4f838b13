// The comparison and the detection of faces.

import { between, equal, isTrue, jpegSize, refused } from "./checks.mjs";
import {
  FaceImageQualityAlignType,
  FaceSDKResultCode,
  ImageSource,
  alike,
  bytes,
  decode,
  file,
  matchingApi,
  noPicture,
  nobody,
} from "./setting.mjs";

export async function match() {
  let answer = await matchingApi.match({
    images: [
      { index: 1, data: bytes("obama.jpg") },
      { index: 2, type: ImageSource.DOCUMENT_RFID, data: bytes("biden.jpg") },
      { index: 3, data: bytes("obama2.jpg"), detectAll: null },
    ],
    thumbnails: null,
    tag: null,
  });
  equal("match: code", answer.code, FaceSDKResultCode.FACER_OK);
  const pairs = Object.fromEntries(answer.results.map((r) => [`${r.firstIndex}-${r.secondIndex}`, r]));
  equal("match: all pairs, by the given indexes", Object.keys(pairs).sort(), ["1-2", "1-3", "2-3"]);
  between("match: one person", pairs["1-3"].similarity, alike, 1);
  between("match: two persons", pairs["1-2"].similarity, 0, alike - 0.1);
  isTrue("match: score runs the other way", pairs["1-3"].score < pairs["1-2"].score);
  equal("match: types", [pairs["1-2"].first, pairs["1-2"].second], [ImageSource.LIVE, ImageSource.DOCUMENT_RFID]);
  equal(
    "match: detections",
    answer.detections.map((d) => [d.imageIndex, d.status, d.faces.length]),
    [
      [1, 0, 1],
      [2, 0, 1],
      [3, 0, 1],
    ],
  );

  answer = await matchingApi.match({
    images: [{ data: bytes("pair.jpg"), detectAll: true }, { data: bytes("obama2.jpg") }],
    outputImageParams: { crop: { type: FaceImageQualityAlignType.ALIGN_3x4, size: [300, 400], padColor: [0, 0, 0] } },
  });
  equal(
    "match: detectAll",
    answer.detections.map((d) => d.faces.length),
    [2, 1],
  );
  equal(
    "match: crops",
    answer.detections.flatMap((d) => d.faces.map((f) => jpegSize(decode(f.crop)))),
    [
      [300, 400],
      [300, 400],
      [300, 400],
    ],
  );
  equal("match: pairs with detectAll", answer.results.length, 3);
  const best = answer.results.reduce((a, b) => (b.similarity > a.similarity ? b : a));
  equal("match: nearest pair", [best.firstIndex, best.secondIndex], [0, 1]);

  answer = await matchingApi.match({ images: [{ data: bytes("obama.jpg") }] });
  equal("match: one picture", answer.code, FaceSDKResultCode.FACER_LESS_THAN_TWO_IMAGES_IN_REQUEST);
  answer = await matchingApi.match({ images: [{ data: bytes("blank.jpg") }, { data: noPicture }] });
  equal(
    "match: nobody, no picture",
    answer.detections.map((d) => d.status),
    [FaceSDKResultCode.FR_FACE_NOT_DETECTED, FaceSDKResultCode.FR_IMAGE_DECODE_ERROR],
  );
  await refused("match: one index twice", 400, () =>
    matchingApi.match({
      images: [
        { index: 1, data: bytes("obama.jpg") },
        { index: 1, data: bytes("biden.jpg") },
      ],
    }),
  );
}

export async function detect() {
  const faces = async (name, processParam) =>
    (await matchingApi.detect({ image: bytes(name), processParam })).results.detections;
  let answer = await matchingApi.detect({ image: bytes("pair.jpg"), thumbnails: null, processParam: null });
  equal("detect: all faces", [answer.code, answer.results.detections.length], [FaceSDKResultCode.FACER_OK, 2]);
  between("detect: time taken in seconds", answer.results.timer, 0, 60);
  equal(
    "detect: landmarks",
    answer.results.detections.map((f) => [f.landmarks.length, f.roi.length]),
    [
      [5, 4],
      [5, 4],
    ],
  );
  equal("detect: the central face", (await faces("pair.jpg", { onlyCentralFace: true })).length, 1);
  const [cropped] = await faces("obama.jpg", {
    outputImageParams: { crop: { type: FaceImageQualityAlignType.ALIGN_1x1, size: [240, 240] } },
  });
  equal("detect: crop", jpegSize(decode(cropped.crop)), [240, 240]);
  const config = [
    { name: "ImageWidth", range: [100, 1000] },
    { name: "ImageHeight", range: [10, 20] },
  ];
  const [checked] = await faces("obama.jpg", { quality: { config }, attributes: { config: [{ name: "Age" }] } });
  const [width, height] = jpegSize(file("obama.jpg"));
  equal("detect: quality", checked.quality.details.map((d) => [d.name, d.value, d.status]).sort(), [
    ["ImageHeight", height, 0],
    ["ImageWidth", width, 1],
  ]);
  equal("detect: not compliant", checked.quality.nonCompliant, ["ImageHeight"]);
  equal(
    "detect: attributes",
    checked.attributes.details.map((d) => d.name),
    ["Age"],
  );
  answer = await matchingApi.detect({ image: bytes("obama.jpg"), processParam: { scenario: "QualityFull" } });
  equal("detect: scenario", answer.results.scenario, "QualityFull");
  equal("detect: details of a scenario", answer.results.detections[0].quality.details.length, 48);
  answer = await matchingApi.detect({ image: bytes("blank.jpg") });
  equal("detect: nobody", [answer.code, answer.results.detections], [FaceSDKResultCode.FR_FACE_NOT_DETECTED, []]);
}
