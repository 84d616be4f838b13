"""What random requests of Regula's web API need to get beyond the first check."""

import schemathesis

from common import PICTURE, ask, improve, improve_path, often, send

GROUP = ask("POST", "/api/groups", {"name": "kept", "metadata": {}})["id"]
PERSON = ask("POST", "/api/persons", {"name": "kept person", "groups": [GROUP]})["id"]
IMAGE = ask("POST", f"/api/persons/{PERSON}/images", {"image": {"content": PICTURE}})["id"]
TRANSACTION = send("POST", "/api/v1/Faces/SpoofCheck", {"image": {"data": PICTURE}})[0]["X-Facekeep-Transaction-Id"]


@schemathesis.hook
def map_body(context, body):
    known = {
        "content": PICTURE,
        "data": PICTURE,
        "image": PICTURE,
        "groups": GROUP,
        "groupIds": GROUP,
        "addItems": PERSON,
    }
    body = improve(body, known)
    takes_image = context.operation.path.endswith(("/search", "/images"))
    if takes_image and isinstance(body, dict) and often(body):  # the schemas do not say that it must hold a picture
        image = body.get("image")
        body = {**body, "image": {**(image if isinstance(image, dict) else {}), "content": PICTURE}}
    return body


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return improve_path(context, path_parameters, {"groupId": GROUP, "personId": PERSON, "imageId": IMAGE})


@schemathesis.hook
def map_query(context, query):
    if query and "transactionId" in query and often(query):
        return {**query, "transactionId": TRANSACTION}
    return query
