"""What the requests of every dialect need to get beyond the first check: a picture with a face, a way to
fill it and ids that exist into random requests, and a way to make what has those ids.

The other files of this folder are hooks of one dialect each, read by Schemathesis, which
scripts/schemathesis.sh runs.
"""

import json
import os
import urllib.request
import zlib

import schemathesis
from schemathesis.specs.openapi.checks import content_type_conformance

URL, KEY = os.environ["FACEKEEP_URL"], os.environ["FACEKEEP_KEY"]


def send(method, path, body=None):
    """Returns the answer to a request, which must be a good one: its headers, and what its JSON says."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "x-api-key": KEY}
    with urllib.request.urlopen(urllib.request.Request(URL + path, data, headers, method=method)) as answer:
        return answer.headers, json.load(answer)


def ask(method, path, body=None):
    """Returns what the answer to a request says."""
    return send(method, path, body)[1]


PICTURE = ask("GET", "/swagger/smartface/doc.json")["definitions"]["ImageData"]["example"]["data"]


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


def improve_path(context, path_parameters, known):
    """Returns the parameters of a path, often with ids that exist. What exists has to stay: deletions get none of them."""
    if not path_parameters or context.operation.method.upper() == "DELETE" or not often(path_parameters):
        return path_parameters
    return {name: known.get(name, value) for name, value in path_parameters.items()}


@schemathesis.check
def content_type_of_bodies(context, response, case):
    """Is content_type_conformance, which in OpenAPI 2.0 wants a media type even where there is no body."""
    if response.status_code != 204:
        content_type_conformance(context, response, case)
