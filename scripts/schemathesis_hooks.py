"""What random requests need to get beyond the first check: ids that exist, and pictures with a face.

Read by Schemathesis, which scripts/schemathesis.sh runs.
"""

import json
import os
import urllib.request
import zlib

import schemathesis
from schemathesis.specs.openapi.checks import content_type_conformance

URL = os.environ["FACEKEEP_URL"]
# Not those of the document's examples, one of which deletes them.
WATCHLIST, MEMBER = "kept", "kept member"


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


PICTURE = ask("GET", "/swagger/smartface/doc.json")["definitions"]["ImageData"]["example"]["data"]
ask("PUT", "/api/v1/Watchlists", {"id": WATCHLIST, "displayName": WATCHLIST, "fullName": WATCHLIST})
FACE = ask(
    "POST",
    "/api/v1/WatchlistMembers/Register",
    {"id": MEMBER, "images": [{"data": PICTURE}], "watchlistIds": [WATCHLIST]},
)["faces"][0]


def often(value):
    """Says yes for three of four values, always the same for one value."""
    return zlib.crc32(repr(value).encode()) % 4 != 0


def improve(value, known, name=""):
    """Returns the value of a field, with pictures and ids in it that mean something."""
    if isinstance(value, dict):
        return {key: improve(field, known, key) for key, field in value.items()}
    if isinstance(value, list):
        return [improve(item, known, name) for item in value]
    if isinstance(value, str) and name in known and often(value):
        return known[name]
    return value


@schemathesis.hook
def map_body(context, body):
    known = {"data": PICTURE, "watchlistId": WATCHLIST, "watchlistIds": WATCHLIST, "watchlistMembersIds": MEMBER}
    if context.operation.path.endswith("/AddFaceFromSystem"):
        known["faceId"] = FACE["id"]
    return improve(body, known)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not path_parameters or context.operation.method.upper() == "DELETE" or not often(path_parameters):
        return path_parameters
    path = context.operation.path
    known = WATCHLIST if "/Watchlists/" in path else FACE["imageDataId"] if "/Images/" in path else MEMBER
    return {**path_parameters, "id": known}


@schemathesis.check
def content_type_of_bodies(context, response, case):
    """Is content_type_conformance, which in OpenAPI 2.0 wants a media type even where there is no body."""
    if response.status_code != 204:
        content_type_conformance(context, response, case)
