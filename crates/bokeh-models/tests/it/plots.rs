//! Documents equal to those that Python makes. `tests/vectors/plots.py` makes the same ones under the same names.

use bokeh_document::{Build, Document};
use bokeh_models::prelude::*;
use bokeh_protocol::Array;

use crate::compare::{differences, vector};

const X: [f64; 3] = [1.0, 2.0, 3.0];
const Y: [f64; 3] = [4.0, 6.0, 5.0];

#[test]
fn an_empty_figure() {
    check("an_empty_figure", |_| figure());
}

#[test]
fn a_line_with_a_legend() {
    check("a_line_with_a_legend", |doc| {
        let p = doc.add(figure().title("a sine").width(600).height(300).x_axis_label("x").y_axis_label("y"));
        let source = doc.add(ColumnDataSource::new().data(data! { "x" => X, "y" => Y }));
        p.line(doc, "x", "y").source(source).line_width(3).line_alpha(0.6).color("navy").legend_label("sin").draw();
        p.line(doc, "x", "y").source(source).line_dash("dashed").legend_label("sin").draw();
        p.line(doc, "x", "y").source(source).color((1, 2, 3)).line_dash([4, 2]).legend_label("cos").draw();
        p
    });
}

#[test]
fn a_scatter_with_colors() {
    check("a_scatter_with_colors", |doc| {
        let p = doc.add(figure().x_range((0, 10)).y_range((-2.5, 2.5)).toolbar_location(None));
        p.scatter(doc, X, Y)
            .size([5, 10, 15])
            .marker(enums::MarkerType::Square)
            .fill_color(linear_cmap("y", &palettes::VIRIDIS, 4, 6))
            .line_color(None)
            .alpha(0.5)
            .draw();
        p
    });
}

#[test]
fn bars_of_categories() {
    check("bars_of_categories", |doc| {
        let fruits = ["apple", "pear", "plum"];
        let p = doc.add(figure().x_range(fruits).height(250).tools("pan,reset"));
        let range = p.x_range(doc);
        let source = doc.add(ColumnDataSource::new().data(data! { "fruit" => fruits, "count" => Y }));
        p.vbar(doc, dodge("fruit", 0.25, Some(range)), "count")
            .width(0.9)
            .source(source)
            .legend_field("fruit")
            .fill_color(factor_cmap("fruit", ["red", "#00ff00", "blue"], fruits))
            .line_color("white")
            .draw();
        p
    });
}

#[test]
fn grouped_categories() {
    check("grouped_categories", |doc| {
        let factors = vec![("a", "x"), ("a", "y"), ("b", "x")];
        let p = doc.add(figure().y_range(factors.clone()));
        p.hbar(doc, factors, Y).height(0.5).hatch_pattern("/").fill_alpha(0.2).draw();
        p
    });
}

#[test]
fn rectangles_and_text() {
    check("rectangles_and_text", |doc| {
        let options = figure().x_axis_location(None).y_axis_location(enums::Place::Right).match_aspect(true);
        let p = doc.add(options);
        let source = doc.add(ColumnDataSource::new().data(data! { "x" => X, "y" => Y, "name" => ["a", "b", "c"] }));
        p.rect(doc, "x", "y")
            .width(0.5)
            .height(1)
            .angle(45)
            .angle_units(enums::AngleUnits::Deg)
            .source(source)
            .selection_color("red")
            .nonselection_alpha(0.3)
            .hover_alpha(0.9)
            .muted_color("gray")
            .draw();
        p.text(doc, "x", "y", "name")
            .source(source)
            .text_font_size("14px")
            .text_align(enums::TextAlign::Center)
            .x_offset(3)
            .text_baseline("middle")
            .draw();
        p
    });
}

#[test]
fn an_image() {
    check("an_image", |doc| {
        let p = doc.add(figure().tooltips([("value", "@image")]));
        let image = Array::from(vec![1.0, 2.0, 3.0, 4.0]).reshape(&[2, 2]).expect("four pixels");
        p.image(doc, image).x(0).y(0).dw(10).dh(10).draw();
        p
    });
}

#[test]
fn axes_of_all_kinds() {
    check("axes_of_all_kinds", |_| {
        column((
            figure().x_axis_type(AxisType::Log).y_axis_type(AxisType::Datetime),
            figure().x_axis_type(AxisType::Mercator).y_axis_type(AxisType::Mercator),
            figure().x_axis_type(AxisType::None).y_axis_type(AxisType::Timedelta).y_minor_ticks(2),
        ))
    });
}

#[test]
fn tools_of_all_kinds() {
    check("tools_of_all_kinds", |_| {
        row((
            figure()
                .tools("xpan,ywheel_zoom,box_select,lasso_select,tap,hover,crosshair,undo,redo,fullscreen")
                .active_drag("box_select")
                .active_scroll("ywheel_zoom"),
            figure().tools((PanTool::new().dimensions(enums::Dimensions::Width), HoverTool::new().tooltips("@x"))),
            figure().tools(""),
        ))
    });
}

#[test]
fn a_grid_of_plots() {
    check("a_grid_of_plots", |doc| {
        let x_range = doc.add(DataRange1d::new());
        let [a, b, c] = [(); 3].map(|()| doc.add(figure().x_range(x_range).width(200).height(200)));
        a.line(doc, X, Y).draw();
        gridplot(doc, ((a, b), (None, c)))
    });
}

#[test]
fn other_glyphs() {
    check("other_glyphs", |doc| {
        let p = doc.add(figure());
        let xs = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
        let ys = vec![vec![1.0, 2.0], vec![2.0, 1.0]];
        p.multi_line(doc, xs, ys).line_color(vec!["red", "blue"]).draw();
        p.patch(doc, X, Y).fill_alpha(0.4).line_width(2).draw();
        p.quad(doc, X, X, Y, 0).color("#abcdef").draw();
        p.segment(doc, X, Y, 0, 0).draw();
        p.circle(doc, X, Y, 0.1).draw();
        p.varea(doc, X, 0, Y).draw();
        p.step(doc, X, Y).mode(enums::StepMode::Center).draw();
        p.wedge(doc, X, Y).radius(1).start_angle(0).end_angle(1.5).draw();
        p
    });
}

#[test]
fn a_dashboard() {
    check("a_dashboard", |_| {
        let widgets = (
            Slider::new().title("amplitude").start(-5).end(5).step(0.1).value(1),
            TextInput::new().title("title").value("my plot"),
            Select::new().title("unit").options(["m", "ft"]).value("m"),
            Button::new().label("reset").button_type(enums::ButtonType::Primary),
            Div::new().text("<b>hello</b>"),
        );
        let plot = figure().width(400).height(400).sizing_mode(enums::SizingMode::StretchWidth);
        row((column(widgets), plot)).width(800)
    });
}

fn check<B: Build>(name: &str, make: impl FnOnce(&mut Document) -> B) {
    let mut doc = Document::new();
    let root = make(&mut doc);
    doc.add_root(root);
    let differences = differences(&doc, &vector(name));
    assert!(differences.is_empty(), "{name}:\n{}", differences.join("\n"));
}

#[test]
fn images_can_be_given_as_rows() {
    let image = |pixels: [f64; 4]| Value::from(Array::from(pixels.to_vec()).reshape(&[2, 2]).expect("four pixels"));
    let one = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    let two = vec![one.clone(), vec![vec![5.0, 6.0], vec![7.0, 8.0]]];
    let mut doc = Document::new();
    let plot = doc.add(figure());
    let single = plot.image(&mut doc, one).x(0).y(0).dw(1).dh(1).draw();
    let several = plot.image(&mut doc, two).x([0, 1]).y([0, 1]).dw(1).dh(1).draw();
    for (renderer, expected) in [
        (single, vec![image([1.0, 2.0, 3.0, 4.0])]),
        (several, vec![image([1.0, 2.0, 3.0, 4.0]), image([5.0, 6.0, 7.0, 8.0])]),
    ] {
        let source = renderer.data_source(&doc);
        let data = doc.data(source.id()).expect("the renderer has a source");
        assert_eq!(data.get("image"), Some(&Value::from(expected)));
    }
}
