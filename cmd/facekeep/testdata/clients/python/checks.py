"""What the checks of a driver are made of: they print a line each, and the first
that fails ends the program."""

import contextlib
import json
import sys
import urllib.request

from regula.facesdk.webclient.gen import ApiException


def fail(what, got, want):
    print(f"FAIL {what}: got {got!r}, want {want!r}")
    sys.exit(1)


def equal(what, got, want):
    if got != want:
        fail(what, got, want)
    print("ok  ", what)


def true(what, got, want="true"):
    """Checks a condition; got and want say more of it where it fails."""
    if not got:
        fail(what, got, want)
    print("ok  ", what)


def between(what, got, low, high):
    """Checks low <= got <= high."""
    if not isinstance(got, (int, float)) or not low <= got <= high:
        fail(what, got, f"{low} to {high}")
    print("ok  ", what)


@contextlib.contextmanager
def refused(what, status):
    """Wants the block to end in the client's exception of a status, whose body is
    Regula's error."""
    try:
        yield
    except ApiException as e:
        try:
            log = json.loads(e.body)
        except ValueError:
            fail(what + ": body", e.body, "an OperationLog in JSON")
        told = (e.status, log.get("statusCode"), bool(log.get("msg")), bool(log.get("type")))
        equal(f"{what} is refused with {status} ({log.get('msg')})", told, (status, status, True, True))
        return
    fail(what, "success", f"status {status}")


def jpeg_size(data):
    """Returns width and height of a JPEG, from its frame header."""
    i = 2
    while data[:2] == b"\xff\xd8" and i + 9 < len(data):
        marker, length = data[i + 1], int.from_bytes(data[i + 2 : i + 4], "big")
        if 0xC0 <= marker <= 0xC2:
            return int.from_bytes(data[i + 7 : i + 9], "big"), int.from_bytes(data[i + 5 : i + 7], "big")
        i += 2 + length
    fail("a picture", data[:8], "a JPEG")


def post(url, body):
    """Sends JSON as no client of Regula does, and returns the answer's headers and body."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the server is on this machine
    with direct.open(request, timeout=60) as answer:
        return answer.headers, json.load(answer)
