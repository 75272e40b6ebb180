"""Tokens as Python makes them, good ones and others, for a server that signs or does not."""

import json
import sys

from bokeh.util.token import generate_jwt_token, generate_session_id

KEY = sys.argv[1].encode()
OTHER = b"another secret of thirty two bytes"
payload = {
    "headers": {"X-Foo": "b\u00e4r"},
    "cookies": {"c": "v"},
    "arguments": {"a": [b"1", b"\xff"]},
    "extra": {"n": [1, None]},
}


def token(signed, signed_id=None, key=KEY, **more):
    id = generate_session_id(key, signed if signed_id is None else signed_id)
    return generate_jwt_token(id, key, signed, extra_payload=payload, **more)


good = token(True)
print(json.dumps({
    "session id": generate_session_id(KEY, True),
    "tokens": {
        "signed": good,
        "unsigned": token(False),
        "signed, with an id that is not": token(True, signed_id=False),
        "unsigned, with an id that is": token(False, signed_id=True),
        "of another key": token(True, key=OTHER),
        "signed, and changed": good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
        "signed, and expired": token(True, expiration=-10),
        "unsigned, and expired": token(False, expiration=-10),
        "without a payload": generate_jwt_token(generate_session_id(KEY, True), KEY, True),
    },
}))
