"""The client under test, the pictures, and words that all checks use."""

import pathlib
import sys
import uuid

from regula.facesdk.webclient.ext.api.sdk import FaceSdk
from regula.facesdk.webclient.gen import ApiClient, Configuration

URL, PICTURES = sys.argv[1], pathlib.Path(sys.argv[2])
OBAMA, OBAMA2, BIDEN, PAIR, BLANK = (
    (PICTURES / f"{name}.jpg").read_bytes() for name in ("obama", "obama2", "biden", "pair", "blank")
)
NO_PICTURE = b"this is no picture"
ALIKE = 0.75  # the similarity from which on two faces are taken for one person's
NOBODY = str(uuid.uuid4())

client = ApiClient(Configuration(host=URL))
sdk = FaceSdk(api_client=client)
NEWER = not hasattr(sdk, "matching_api")  # 7.2, which renamed it
matching = sdk.match_api if NEWER else sdk.matching_api
persons, groups = sdk.person_api, sdk.group_api


def raw(call, *args, **kwargs):
    """Makes a call without the client's reading of the answer, which fails in some
    of its models, and returns status and body."""
    answer = call(*args, _preload_content=False, **kwargs)
    return answer.status, answer.data
