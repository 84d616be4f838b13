"""The calls about the service itself, and those that it does not offer."""

import base64
import importlib

from regula.facesdk.webclient.gen import models as m
from regula.facesdk.webclient.gen.api.diagnostics_api import DiagnosticsApi
from regula.facesdk.webclient.gen.api.liveness_2_0_api import Liveness20Api
from regula.facesdk.webclient.gen.api.liveness_api import LivenessApi
from regula.facesdk.webclient.gen.model.image_source import ImageSource
from regula.facesdk.webclient.gen.model.liveness_type import LivenessType

from checks import equal, post, refused, true
from setting import NEWER, NOBODY, OBAMA, URL, client, groups, matching


def health():
    true("readiness", isinstance(DiagnosticsApi(client).readiness(), dict))
    if NEWER:
        api = importlib.import_module("regula.facesdk.webclient.gen.api.healthcheck_api").HealthcheckApi(client)
        true("healthz names the application", api.healthz().app)
        equal("readyz", api.readyz(), None)
    groups.get_all_groups(x_request_id="request-17")
    equal("X-RequestID comes back", client.last_response.getheader("X-RequestID"), "request-17")


def liveness():
    api = Liveness20Api(client)
    # Conditions that every model pack can look at: the default ones ask for a pose.
    config = {"distantLivenessConditions": "FACE_SIZE: [30; inf]"}
    body = {"image": {"data": base64.b64encode(OBAMA).decode()}, "spoofCheckConfig": config}
    headers, _ = post(URL + "/api/v1/Faces/SpoofCheck", body)
    transaction = headers["X-Facekeep-Transaction-Id"]
    info = api.get_liveness_transaction_info(transaction)
    equal("liveness: of a passive check", (info.transaction_id, info.type), (transaction, LivenessType.PASSIVE))
    true("liveness: has a tag and a status", info.tag and info.status in (0, 1))
    with refused("liveness: unknown transaction", 404):
        api.get_liveness_transaction_info(NOBODY)
    with refused("liveness: an id that is none", 400):
        api.get_liveness_transaction_info("transaction")


def not_offered():
    """Calls of the clients beyond the contract have to fail as calls do, not in the client."""
    image = {"type": ImageSource.LIVE, "content": base64.b64encode(OBAMA).decode()}
    with refused("match_and_search", 404):
        super(type(matching), matching).match_and_search(m.MatchAndSearchRequest(images=[image], group_ids=[]))
    with refused("liveness: metadata", 404):
        LivenessApi(client).liveness_metadata("")
    if NEWER:
        with refused("liveness: deletion", 405):
            Liveness20Api(client).delete_liveness_transaction(NOBODY, "tag")
