"""A made-up film archive and widgets that ask it questions.

Shows: sliders, range sliders, selects, text and check boxes that share one callback; a data base in memory (``sqlite3``).
"""

import random
import sqlite3

from bokeh.layouts import column, row
from bokeh.models import CheckboxGroup, ColumnDataSource, Div, HoverTool, RangeSlider, Select, Slider, TextInput
from bokeh.plotting import curdoc, figure

dice = random.Random(11)
GENRES = ["Any", "Comedy", "Drama", "Western"]
FIRST = ["Blue", "Last", "Silent", "Golden", "Lost"]
SECOND = ["Harbour", "Winter", "Letter", "Train", "Garden"]

archive = sqlite3.connect(":memory:", check_same_thread=False)
archive.execute("CREATE TABLE films (title TEXT, year INTEGER, genre TEXT, stars REAL, reviews INTEGER, prizes INTEGER)")
archive.executemany(
    "INSERT INTO films VALUES (?, ?, ?, ?, ?, ?)",
    [
        (
            f"{dice.choice(FIRST)} {dice.choice(SECOND)}",
            dice.randint(1930, 2020),
            dice.choice(GENRES[1:]),
            round(dice.uniform(1, 5), 1),
            dice.randint(5, 300),
            dice.choice([0, 0, 0, 1, 2]),
        )
        for _ in range(250)
    ],
)

reviews = Slider(name="reviews", title="at least so many reviews", start=0, end=300, value=50, step=10)
years = RangeSlider(name="years", title="years", start=1930, end=2020, value=(1950, 2020), step=1)
genre = Select(name="genre", title="genre", options=GENRES, value="Any")
words = TextInput(name="words", title="title contains")
only = CheckboxGroup(name="only", labels=["with a prize"], active=[])

source = ColumnDataSource(name="films", data={"year": [], "stars": [], "title": [], "color": []})
found = Div(name="found")
plot = figure(
    name="plot", width=650, height=500, x_range=(1925, 2025), y_range=(0.5, 5.5), tools=[HoverTool(tooltips="@title, @year")]
)
plot.scatter("year", "stars", source=source, size=9, color="color", line_color=None)


def ask():
    query = "SELECT year, stars, title, prizes FROM films WHERE reviews >= ? AND year BETWEEN ? AND ? AND title LIKE ?"
    values = [reviews.value, *years.value, f"%{words.value.strip()}%"]
    if genre.value != "Any":
        query += " AND genre = ?"
        values.append(genre.value)
    if 0 in only.active:
        query += " AND prizes > 0"
    rows = archive.execute(query + " ORDER BY year, title", values).fetchall()
    source.data = {
        "year": [row[0] for row in rows],
        "stars": [row[1] for row in rows],
        "title": [row[2] for row in rows],
        "color": ["goldenrod" if row[3] else "slategray" for row in rows],
    }
    found.text = f"{len(rows)} films"


for widget, name in [(reviews, "value"), (years, "value"), (genre, "value"), (words, "value"), (only, "active")]:
    widget.on_change(name, lambda attr, old, new: ask())
ask()

curdoc().title = "Films"
curdoc().add_root(row(column(reviews, years, genre, words, only, found, width=300), plot))
