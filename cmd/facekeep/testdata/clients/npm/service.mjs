// The calls about the service itself.

import { equal, isTrue, refused } from "./checks.mjs";
import { LivenessType, diagnosticsApi, file, groupApi, livenessApi, nobody, url } from "./setting.mjs";

export async function health() {
  const ready = await diagnosticsApi.readiness();
  isTrue("readiness", typeof ready === "object" && ready !== null);
  let headers;
  const keep = { transformResponse: (data, h) => ((headers = h), JSON.parse(data)) };
  await groupApi.getAllGroups(1, 10, "request-17", keep);
  equal("X-RequestID comes back", headers.get("x-requestid"), "request-17");
}

export async function liveness() {
  const body = JSON.stringify({ image: { data: file("obama.jpg").toString("base64") } });
  const check = await fetch(`${url}/api/v1/Faces/SpoofCheck`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  const transaction = check.headers.get("x-facekeep-transaction-id");
  const info = await livenessApi.getLivenessTransactionInfo(transaction);
  equal("liveness: of a passive check", [info.transactionId, info.type], [transaction, LivenessType.PASSIVE]);
  await refused("liveness: unknown transaction", 404, () => livenessApi.getLivenessTransactionInfo(nobody));
}
