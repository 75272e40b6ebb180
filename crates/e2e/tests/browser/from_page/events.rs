/// The name of an event, how BokehJS makes it, and its values beside the model. In scope are `ev`, the module of events, and
/// what [`POINT`] names.
type Made = (&'static str, &'static str, &'static str);

pub(super) const EVENTS: &[Made] = &[
    ("axis_click", "new ev.AxisClick(null, 2.5)", "{value: 2.5}"),
    ("button_click", "new ev.ButtonClick()", "{}"),
    ("legend_item_click", "new ev.LegendItemClick(null, item)", "{item}"),
    ("lodstart", "new ev.LODStart()", "{}"),
    ("lodend", "new ev.LODEnd()", "{}"),
    ("menu_item_click", "new ev.MenuItemClick('an item')", "{item: 'an item'}"),
    ("value_submit", "new ev.ValueSubmit('a value')", "{value: 'a value'}"),
    ("rangesupdate", "new ev.RangesUpdate(0, 1, 0.5, NaN)", "{x0: 0, x1: 1, y0: 0.5, y1: NaN}"),
    ("selectiongeometry", "new ev.SelectionGeometry(rect, true)", "{geometry: rect, final: true}"),
    ("reset", "new ev.Reset()", "{}"),
    ("pan", "new ev.Pan(...at, 3, 4, modifiers)", "{...point, delta_x: 3, delta_y: 4}"),
    ("pinch", "new ev.Pinch(...at, 1.5, modifiers)", "{...point, scale: 1.5}"),
    ("rotate", "new ev.Rotate(...at, -90, modifiers)", "{...point, rotation: -90}"),
    ("wheel", "new ev.MouseWheel(...at, 120, modifiers)", "{...point, delta: 120}"),
    ("mousemove", "new ev.MouseMove(...at, modifiers)", "point"),
    ("mouseenter", "new ev.MouseEnter(...at, modifiers)", "point"),
    ("mouseleave", "new ev.MouseLeave(...at, modifiers)", "point"),
    ("tap", "new ev.Tap(...at, modifiers)", "point"),
    ("doubletap", "new ev.DoubleTap(...at, modifiers)", "point"),
    ("press", "new ev.Press(...at, modifiers)", "point"),
    ("pressup", "new ev.PressUp(...at, modifiers)", "point"),
    ("panstart", "new ev.PanStart(...at, modifiers)", "point"),
    ("panend", "new ev.PanEnd(...at, modifiers)", "point"),
    ("pinchstart", "new ev.PinchStart(...at, modifiers)", "point"),
    ("pinchend", "new ev.PinchEnd(...at, modifiers)", "point"),
    ("rotatestart", "new ev.RotateStart(...at, modifiers)", "point"),
    ("rotateend", "new ev.RotateEnd(...at, modifiers)", "point"),
];

/// A place in a plot, with a factor as one of its coordinates.
pub(super) const POINT: &str = "\
    const ev = Bokeh.require('core/bokeh_events'); \
    const modifiers = {shift: false, ctrl: true, alt: false}; \
    const at = [10, 20.5, -1.5, ['a', 'b']]; \
    const [sx, sy, x, y] = at; \
    const point = {sx, sy, x, y, modifiers}; \
    const rect = {type: 'rect', sx0: 1, sx1: 2, sy0: 3, sy1: 4, x0: 0, x1: 1, y0: 0, y1: 1}; \
    const item = [...doc().all_models].find((model) => model.type == 'LegendItem');";
