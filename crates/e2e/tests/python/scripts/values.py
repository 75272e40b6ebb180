import numpy as np

from bokeh.models import Div

VALUES = [
    {1: "one", 2.5: "two and a half", "three": {4: {5: 6}}},
    {True: "yes", None: "nothing"},
    {},
    set(),
    {1, 2.5, "three"},
    [{"a"}, {"b": {"c"}}],
    b"",
    b"\x00\xff\xfe bytes",
    slice(1, None, 2),
    np.array([[1.5, np.nan], [np.inf, -0.0]]),
    np.array([], dtype="float32"),
    np.array([1, 2**40]),
    np.array(["text", None], dtype="object"),
    [np.nan, np.inf, -np.inf],
    2**53 - 1,
    -(2**53) + 2,
    1e308,
    5e-324,
    True,
    None,
    "\u2028</script>\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "quote \" backslash \\ tab \t null \0",
    {"type": "looks like a tag"},
    {"id": "looks like a reference"},
    list(range(10_000)),
]


def same(one, other):
    if isinstance(one, np.ndarray):
        if not isinstance(other, np.ndarray):
            return one.dtype.kind in "OiU" and same(one.tolist(), other)
        return one.shape == other.shape and one.tolist() == other.tolist() or np.array_equal(one, other, equal_nan=True)
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or one != one and other != other


# As part of a document, and as a change of one.
document = Document()
document.add_root(Div(name="pushed", tags=VALUES))
document.add_root(Div(name="patched"))
one = push(document)
document.get_model_by_name("patched").tags = VALUES
seen = settled(one)


def wrong(name):
    tags = seen.get_model_by_name(name).tags
    return [repr(got)[:60] for value, got in zip(VALUES, tags, strict=True) if not same(value, got)]


answer(pushed=wrong("pushed"), patched=wrong("patched"))
