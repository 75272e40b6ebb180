import numpy as np

from bokeh.models import Column, ColumnDataSource, Div, Row

N_MODELS = 1000
random = np.random.default_rng(seed=7)
columns = {f"column {n}": random.random(131_072) for n in range(4)}
document = Document()
rows = [Row(children=[Div(text=f"{r}, {c}", name=f"div {r} {c}") for c in range(9)]) for r in range(N_MODELS // 10)]
document.add_root(Column(children=rows))
source = ColumnDataSource(name="source", data=columns)
document.add_root(source)
one = push(document)
two = pull()
assert len(two.document.models) >= N_MODELS
assert_same(one.document, two.document)

# A megabyte at once, and many small changes in a row.
source.stream({name: random.random(131_072) for name in columns}, rollover=200_000)
for n in range(100):
    document.get_model_by_name(f"div {n} 3").text = f"changed {n}"
    source.patch({"column 0": [(n, float(n))]})
one.force_roundtrip()
follow(two, lambda: two.document.get_model_by_name("source").data["column 0"][99] == 99.0)
assert_same(one.document, two.document)
theirs = two.document.get_model_by_name("source").data
answer(
    models=len(two.document.models) >= N_MODELS,
    bytes=sum(column.nbytes for column in theirs.values()),
    dtypes=sorted({str(column.dtype) for column in theirs.values()}),
)
