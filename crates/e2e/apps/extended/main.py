"""Models that Bokeh does not have, in a folder.

Shows: an extension that was bundled beforehand, with a file of its own beside the script; a model with an implementation
in TypeScript; properties and events of both.
"""

from bokeh.core.properties import List, Required, String
from bokeh.layouts import column
from bokeh.models import Div, UIElement
from bokeh.plotting import curdoc
from bokeh.util.compiler import TypeScript
from tally import Marked, Tally

CODE = """
import {UIElement, UIElementView} from "models/ui/ui_element"
import {a, div} from "core/dom"
import type * as p from "core/properties"

export class CrumbsView extends UIElementView {
  declare model: Crumbs

  override connect_signals(): void {
    super.connect_signals()
    this.connect(this.model.properties.path.change, () => this.render())
  }

  override render(): void {
    super.render()
    const crumbs = this.model.path.map((name, i) => {
      const crumb = a({href: "#"}, `${name}${this.model.sign}`)
      crumb.addEventListener("click", () => { this.model.path = this.model.path.slice(0, i + 1) })
      return crumb
    })
    this.shadow_el.append(div(...crumbs))
  }
}

export namespace Crumbs {
  export type Attrs = p.AttrsOf<Props>
  export type Props = UIElement.Props & {path: p.Property<string[]>, sign: p.Property<string>}
}

export interface Crumbs extends Crumbs.Attrs {}

export class Crumbs extends UIElement {
  declare properties: Crumbs.Props
  declare __view_type__: CrumbsView

  constructor(attrs?: Partial<Crumbs.Attrs>) {
    super(attrs)
  }

  static {
    this.prototype.default_view = CrumbsView
    this.define<Crumbs.Props>(({List, Str}) => ({path: [List(Str), []], sign: [Str]}))
  }
}
"""


class Crumbs(UIElement):
    """Where one is, and the way back."""

    __implementation__ = TypeScript(CODE)
    path = List(String)
    sign = Required(String)


def marked(event):
    state.text = f"{event.model.name} was marked by {event.by}"


def passed(attr, old, new):
    total.text = f"{old} to {new}"


def shorter(attr, old, new):
    path.text = " in ".join(reversed(new))


def add():
    crumbs.path.append("cup")
    tally.count += 5


tally = Tally(name="tally", count=2, total=10)
tally.on_event(Marked, marked)
tally.on_change("count", passed)
crumbs = Crumbs(name="crumbs", path=["house", "kitchen", "shelf"], sign=" >")
crumbs.on_change("path", shorter)
state, total, path = [Div(name=name) for name in ("state", "total", "path")]
tally.on_event(Marked, lambda event: event.by == 3 and add())
curdoc().add_root(column(tally, state, total, crumbs, path))
curdoc().title = "Extended"
