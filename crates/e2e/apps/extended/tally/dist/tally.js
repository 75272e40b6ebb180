"use strict";
(() => {
  // Files of the extension lie beside this script.
  const stroke = new URL("stroke.svg", document.currentScript?.src ?? document.baseURI).href;

  function entry(require, _module, exports) {
    const {register_models} = require("base");
    const {ModelEvent} = require("core/bokeh_events");
    const {div, img} = require("core/dom");
    const {UIElement, UIElementView} = require("models/ui/ui_element");

    class Marked extends ModelEvent {
      constructor(by) {
        super();
        this.by = by;
      }

      get event_values() {
        return {...super.event_values, by: this.by};
      }

      static {
        this.prototype.event_name = "tally_marked";
      }
    }

    class TallyView extends UIElementView {
      connect_signals() {
        super.connect_signals();
        this.connect(this.model.change, () => this.render());
      }

      render() {
        super.render();
        const {count, total} = this.model;
        const strokes = Array.from({length: count}, () => img({src: stroke, width: 8, height: 24}));
        const board = div({style: {minHeight: "24px", background: "#eef6f6"}}, ...strokes, `${count} of ${total}`);
        board.addEventListener("click", (event) => {
          const by = event.shiftKey ? 3 : 1;
          this.model.count += by;
          this.model.trigger_event(new Marked(by));
        });
        this.shadow_el.append(board);
      }
    }

    class Tally extends UIElement {
      static __name__ = "Tally";
      static __module__ = "tally";

      static {
        this.prototype.default_view = TallyView;
        this.define(({Int}) => ({count: [Int, 0], total: [Int, 5]}));
      }
    }

    exports.Tally = Tally;
    register_models({Tally});
  }

  Bokeh.register_plugin({tally: entry}, "tally", {}, {});
})();
