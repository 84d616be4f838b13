// The client under test, the pictures, and words that all checks use.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

export const [url, pictures, folder] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), "package.json"));
export const {
  Configuration,
  FaceImageQualityAlignType,
  FaceSDKResultCode,
  FaceSdk,
  FilterOp,
  ImageSource,
  LivenessType,
} = require("@regulaforensics/facesdk-webclient");

const sdk = new FaceSdk(new Configuration({ basePath: url }));
export const { matchingApi, personApi, groupApi, searchApi, diagnosticsApi, livenessApi } = sdk;
export const nobody = randomUUID();
export const alike = 0.75; // the similarity from which on two faces are taken for one person's

export const file = (name) => readFileSync(join(pictures, name));
// bytes is a picture as the client's users hand it over: an ArrayBuffer.
export const bytes = (name) => Uint8Array.from(file(name)).buffer;
export const noPicture = new TextEncoder().encode("this is no picture").buffer;
export const image = (name) => ({ content: bytes(name), contentType: "image/jpeg" });
export const names = (answer) => answer.persons.map((p) => p.name);
export const decode = (base64) => Buffer.from(base64, "base64");
