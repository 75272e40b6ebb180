from datetime import date, datetime, timedelta

import numpy as np

from bokeh.models import ColumnDataSource

nan, inf, nat = np.nan, np.inf, np.datetime64("NaT")
wide = 2**40

# Each column as it is at first, what is streamed to it, and what its entry 1 and its slice 2:4 are patched with.
COLUMNS = {
    "bool": (np.array([True, False, True]), np.array([False, True]), True, [False, False]),
    "uint8": (np.array([0, 1, 255], dtype="uint8"), np.array([7, 8], dtype="uint8"), 9, [10, 11]),
    "int8": (np.array([-128, 0, 127], dtype="int8"), np.array([7, 8], dtype="int8"), 9, [10, -11]),
    "uint16": (np.array([0, 1, 65535], dtype="uint16"), np.array([7, 8], dtype="uint16"), 9, [10, 11]),
    "int16": (np.array([-32768, 0, 32767], dtype="int16"), np.array([7, 8], dtype="int16"), 9, [10, 11]),
    "uint32": (np.array([0, 1, 2**32 - 1], dtype="uint32"), np.array([7, 8], dtype="uint32"), 9, [10, 11]),
    "int32": (np.array([-(2**31), 0, 2**31 - 1], dtype="int32"), np.array([7, 8], dtype="int32"), 9, [10, 11]),
    "int64": (np.array([1, 2, 3]), np.array([7, 8]), 9, [10, 11]),
    "float32": (np.array([0.5, -inf, nan], dtype="float32"), np.array([inf, 8], dtype="float32"), -0.5, [nan, 0.25]),
    "float64": (np.array([0.1, -inf, nan]), np.array([inf, 1e308]), 5e-324, [-0.0, nan]),
    "datetime": (
        np.array(["2020-01-01T12:00", "1969-07-20", nat], dtype="datetime64[ms]"),
        np.array([nat, "2100-01-01"], dtype="datetime64[ms]"),
        None,
        None,
    ),
    "timedelta": (
        np.array([1000, -1, "NaT"], dtype="timedelta64[ms]"),
        np.array(["NaT", 5], dtype="timedelta64[ms]"),
        None,
        None,
    ),
    "wide": ([wide, -wide, 0], [wide + 1, 1], 2, [3, 4]),
    "floats": ([0.1, nan, inf], [-inf, 1], 5e-324, [nan, 2]),
    "mixed": ([1, "two", None], [3.5, True], [1, 2], [None, {"a": nan}]),
    "text": (["a", "ünïcödé", ""], ["\u2028</script>", "e"], "\N{SNOWMAN}\N{SLICE OF PIZZA}", ["x", "y"]),
    "factors": ([("a", "b"), ("a", "c"), ("d", "e")], [("f", "g"), ("h", "i")], ("j", "k"), [("l", "m"), ("n", "o")]),
    "dates": (
        [date(2020, 2, 29), datetime(2020, 1, 1, 12), timedelta(days=1)],
        [date(1, 1, 1), datetime(2100, 1, 1)],
        1.5,
        [2.5, 3.5],
    ),
    "images": (
        [np.arange(6.0).reshape(2, 3), np.arange(4, dtype="uint32").reshape(2, 2), np.array([nan])],
        [np.zeros((2, 2)), np.ones(1)],
        np.arange(3.0),
        [np.arange(2.0), np.arange(2, dtype="int16")],
    ),
}


def encode(column):
    """A column as it is on the wire, with its bytes in the text."""
    return Serializer(deferred=False).encode(column)


def compare(when):
    """Where the second client's columns differ from the first one's, which Python itself has computed."""
    theirs = settled(one).get_model_by_name("source").data
    assert list(theirs) == list(source.data), (when, list(theirs))
    found = {name: (encode(theirs[name]), encode(source.data[name])) for name in COLUMNS}
    for name, (got, expected) in found.items():
        differ = differences(normal(got), normal(expected))
        assert not differ, f"{when}: {name}: {differ}"
    return len(found)


def normal(encoded):
    """Without what is lost where it is read: a list in an array of objects is as good as a list."""
    if isinstance(encoded, dict) and encoded.get("dtype") == "object":
        return encoded["array"]
    return encoded


source = ColumnDataSource(name="source", data={name: column[0] for name, column in COLUMNS.items()})
document = Document()
document.add_root(source)
one = push(document)
n_columns = compare("pushed")

source.stream({name: column[1] for name, column in COLUMNS.items()})
compare("streamed")

source.patch({name: [(1, column[2])] for name, column in COLUMNS.items() if column[2] is not None})
compare("patched")

source.patch({name: [(slice(2, 4), column[3])] for name, column in COLUMNS.items() if column[3] is not None})
compare("patched in a slice")

source.patch({"images": [((0, 1, slice(0, 3)), [7.0, 8.0, 9.0]), ((0, 0, 0), [nan])]})
compare("patched inside an array")

source.stream({name: column[1] for name, column in COLUMNS.items()}, rollover=3)
compare("rolled over")
rows = {len(column) for column in source.data.values()}

source.data["float64"] = np.array([1.0, nan, 3.0])
compare("one column replaced")

source.data = {name: column[0] for name, column in COLUMNS.items()}
compare("all replaced")
answer(columns=n_columns, rows=list(rows))
