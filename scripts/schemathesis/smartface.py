"""What random requests of SmartFace need to get beyond the first check."""

import schemathesis

from common import PICTURE, ask, improve, improve_path

# Not those of the document's examples, one of which deletes them.
WATCHLIST, MEMBER = "kept", "kept member"

ask("PUT", "/api/v1/Watchlists", {"id": WATCHLIST, "displayName": WATCHLIST, "fullName": WATCHLIST})
FACE = ask(
    "POST",
    "/api/v1/WatchlistMembers/Register",
    {"id": MEMBER, "images": [{"data": PICTURE}], "watchlistIds": [WATCHLIST]},
)["faces"][0]


@schemathesis.hook
def map_body(context, body):
    known = {"data": PICTURE, "watchlistId": WATCHLIST, "watchlistIds": WATCHLIST, "watchlistMembersIds": MEMBER}
    if context.operation.path.endswith("/AddFaceFromSystem"):
        known["faceId"] = FACE["id"]
    return improve(body, known)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    path = context.operation.path
    known = WATCHLIST if "/Watchlists/" in path else FACE["imageDataId"] if "/Images/" in path else MEMBER
    return improve_path(context, path_parameters, {"id": known})
