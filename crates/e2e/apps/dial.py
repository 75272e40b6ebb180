"""A widget that Bokeh does not have.

Shows: a model with an implementation in JavaScript inside the script, its properties in both directions.
"""

from bokeh.core.properties import Float, Nullable, String
from bokeh.layouts import column
from bokeh.models import Div, UIElement
from bokeh.plotting import curdoc
from bokeh.util.compiler import JavaScript

CODE = """
const {div} = require("core/dom")
const p = require("core/properties")
const {UIElement, UIElementView} = require("models/ui/ui_element")

class DialView extends UIElementView {
  connect_signals() {
    super.connect_signals()
    this.connect(this.model.change, () => this.show())
  }

  render() {
    super.render()
    this.face = div({class: "face", style: {
      width: "120px", height: "120px", borderRadius: "60px", background: this.model.color, color: "white",
      display: "flex", alignItems: "center", justifyContent: "center", fontSize: "32px", cursor: "pointer",
    }})
    this.face.addEventListener("click", () => { this.model.value += this.model.step })
    this.shadow_el.append(this.face)
    this.show()
  }

  show() {
    this.face.textContent = `${this.model.value}`
    this.face.title = this.model.hint ?? ""
  }
}

class Dial extends UIElement {}
Dial.__name__ = "Dial"
Dial.prototype.default_view = DialView
Dial.define(({Float, Nullable, String}) => ({
  value: [Float, 0],
  step: [Float, 1],
  color: [String, "teal"],
  hint: [Nullable(String), null],
}))

exports.Dial = Dial
"""


class Dial(UIElement):
    """A round face that shows a number and adds to it when it is clicked."""

    __implementation__ = JavaScript(CODE)
    value = Float(default=0)
    step = Float(default=1)
    color = String(default="teal")
    hint = Nullable(String)


dial = Dial(name="dial", step=2.5, color="darkslateblue")
twice = Div(name="twice", text="0")


def turn(attr, old, new):
    twice.text = f"{2 * new:.1f}"
    if new >= 7.5:
        dial.value = 0
        dial.hint = "started again"


dial.on_change("value", turn)

curdoc().title = "Dial"
curdoc().add_root(column(dial, twice))
