// What the checks of a driver are made of: they print a line each, and the first
// that fails ends the program.

import { isDeepStrictEqual } from "node:util";

export function fail(what, got, want) {
  console.log(`FAIL ${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
  process.exit(1);
}

export function equal(what, got, want) {
  if (!isDeepStrictEqual(got, want)) fail(what, got, want);
  console.log("ok  ", what);
}

export function isTrue(what, got) {
  if (!got) fail(what, got, true);
  console.log("ok  ", what);
}

// between checks low <= got <= high.
export function between(what, got, low, high) {
  if (typeof got !== "number" || !(low <= got && got <= high)) fail(what, got, `${low} to ${high}`);
  console.log("ok  ", what);
}

// refused wants a call to end in the client's error of a status, whose body is
// Regula's error.
export async function refused(what, status, call) {
  let answer;
  try {
    answer = await call();
  } catch (e) {
    if (!e.response) throw e;
    const log = e.response.data;
    const told = [e.response.status, log.statusCode, Boolean(log.msg), Boolean(log.type)];
    equal(`${what} is refused with ${status} (${log.msg})`, told, [status, status, true, true]);
    return;
  }
  fail(what, answer ?? null, `status ${status}`);
}

// jpegSize returns width and height of a JPEG, from its frame header.
export function jpegSize(data) {
  for (let i = 2; data.readUInt16BE(0) === 0xffd8 && i + 9 < data.length; i += 2 + data.readUInt16BE(i + 2)) {
    if (data[i + 1] >= 0xc0 && data[i + 1] <= 0xc2) return [data.readUInt16BE(i + 7), data.readUInt16BE(i + 5)];
  }
  return fail("a picture", data.subarray(0, 8), "a JPEG");
}

// What nothing above has caught: axios' errors say in a page what two lines tell.
process.on("uncaughtException", (e) => {
  const told = e.response ? `${e.response.status} ${JSON.stringify(e.response.data)}` : e.stack;
  console.log(`FAIL ${e.config ? `${e.config.method} ${e.config.url}: ` : ""}${told}`);
  process.exit(1);
});
