"""What random requests of face-search need to get beyond the first check."""

import schemathesis

from common import PICTURE, ask, improve, improve_path

COLLECTION = ask("POST", "/collections", {"collection_name": "kept-collection"})["collection_name"]
PERSON = ask(
    "POST",
    f"/collections/{COLLECTION}/persons",
    {"person_id": "kept-person", "person_name": "kept person", "faces_base_64": [PICTURE]},
)["person_id"]


@schemathesis.hook
def map_body(context, body):
    pictures = dict.fromkeys(("face_base_64", "faces_base_64", "multi_face_img_base_64"), PICTURE)
    return improve(
        body, pictures if context.operation.path == "/collections" else {**pictures, "collection_name": COLLECTION}
    )


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return improve_path(context, path_parameters, {"collection_name": COLLECTION, "person_id": PERSON})
