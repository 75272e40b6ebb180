"""What the scripts of these tests have in common; it is put before each of them."""

import json
import sys

from bokeh.client import pull_session, push_session
from bokeh.core.serialization import Serializer
from bokeh.document import Document

URL = sys.argv[1]


def pull(session_id="shared"):
    return pull_session(session_id=session_id, url=URL)


def push(document, session_id="shared"):
    return push_session(document, session_id=session_id, url=URL)


def settled(*sessions):
    """Waits until the server has taken in what the clients have changed, and answers the document that it then has.

    It takes a new client to see that: one that waits for a reply throws away all patches that arrive meanwhile, and one
    that pulls for a second time tells the server to remove all roots and to add them again.
    """
    for session in sessions:
        session.force_roundtrip()
    return pull(sessions[0].id).document


def follow(session, until):
    """Applies patches as they arrive, until something holds."""
    error = None

    def is_done():
        nonlocal error
        try:
            return until()
        except Exception as caught:
            error = caught
            return True

    session._connection._loop_until(is_done)
    if error:
        raise error


def flat(document):
    """A document as its models by id, each with all its properties and references to other models.

    Not its JSON: that holds what was ever set, and whoever is sent a default value does not set it.
    """
    models = sorted(document.models, key=lambda model: model.id)
    serializer = Serializer(references=set(models), deferred=False)
    return {
        "title": document.title,
        "roots": [root.id for root in document.roots],
        "config": document.config.id,
        "models": {
            model.id: {"class": type(model).__name__, **serializer.encode(model.properties_with_values())}
            for model in models
        },
    }


def differences(one, other, path=""):
    """The paths at which two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            difference
            for key in sorted({*one, *other})
            for difference in (
                differences(one[key], other[key], f"{path}.{key}")
                if key in one and key in other
                else [f"{path}.{key} is only in {'one' if key in one else 'the other'}"]
            )
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [d for n, (a, b) in enumerate(zip(one, other)) for d in differences(a, b, f"{path}[{n}]")]
    return [] if one == other and type(one) is type(other) else [f"{path}: {str(one)[:80]} != {str(other)[:80]}"]


def assert_same(*documents):
    first, *others = map(flat, documents)
    for other in others:
        assert not (found := differences(first, other)), "\n".join(found)


def answer(**values):
    print(json.dumps(values))
