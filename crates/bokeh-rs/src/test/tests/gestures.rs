//! What gestures change and tell, where no recording says it.

use bokeh_document::Document;
use bokeh_models::events::{MenuItemClick, MouseLeave, Pan, Tap};
use bokeh_models::models::*;
use bokeh_models::{Model, column, data, figure};
use bokeh_protocol::{PatchEvent, Value};

use super::super::{App, File};

#[test]
fn a_slider_passes_at_most_ten_values_and_each_is_on_a_step() {
    let cases = [
        ((0.0, 10.0, 1.0), 0.0, 3.0, vec![1.0, 2.0, 3.0]),
        ((0.0, 10.0, 1.0), 5.0, 3.0, vec![4.0, 3.0]),
        ((0.0, 1.0, 0.1), 0.0, 0.3, vec![0.1, 0.2, 0.3]),
        ((0.0, 1000.0, 1.0), 0.0, 20.0, vec![2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0]),
        ((0.0, 1.05, 0.5), 0.0, 1.05, vec![0.5, 1.0, 1.05]),
        ((0.0, 10.0, 1.0), 3.0, 3.0, vec![]),
    ];
    for ((start, end, step), from, to, expected) in cases {
        let slider = Slider::new().name("s").start(start).end(end).step(step).value(from);
        let mut app = App::open(one(slider));
        app.drag(app.only::<Slider>(), to);
        let mut values = changes(&mut app, "value_throttled");
        assert_eq!(values.pop(), expected.last().copied().or(Some(f64::NAN)).filter(|last| !last.is_nan()));
        assert_eq!(values, expected, "from {from} to {to}");
    }
}

#[test]
fn the_handles_of_a_range_never_pass_each_other() {
    for (to, expected) in [((3.0, 5.0), (3.0, 5.0)), ((6.0, 8.0), (6.0, 8.0)), ((0.0, 1.0), (0.0, 1.0))] {
        let mut app = App::open(|doc: &mut Document| {
            let range = doc.add_root(RangeSlider::new().start(0).end(10).value((2, 4)));
            range.on_change(doc, RangeSlider::VALUE, |_, change| {
                if change.new.0 > change.new.1 { Err("they have passed each other") } else { Ok(()) }
            });
        });
        let range = app.only::<RangeSlider>();
        app.drag(range, to);
        assert_eq!(range.value(app.doc()), expected);
        assert_eq!(range.value_throttled(app.doc()), expected);
    }
}

#[test]
fn other_sliders_are_dragged_in_their_own_values() {
    let mut app = App::open(|doc: &mut Document| {
        doc.add_root(CategoricalSlider::new().categories(["low", "mid", "high"]).value("low"));
        doc.add_root(DateSlider::new().start(0.0).end(864e6).value(0.0));
    });
    let categories = app.only::<CategoricalSlider>();
    app.drag(categories, "high");
    assert_eq!(categories.value(app.doc()), "high");
    let dates = app.only::<DateSlider>();
    app.drag(dates, 2.0 * 864e5);
    assert_eq!(dates.value(app.doc()).as_millis(), Some(2.0 * 864e5));
}

#[test]
fn a_text_is_typed_key_by_key() {
    let mut app = App::open(one(TextInput::new().value("old")));
    let input = app.only::<TextInput>();
    app.take_said();
    app.type_text(input, "né");
    app.type_text(input, "");
    assert_eq!(attributes(&mut app), ["value_input=n", "value_input=né", "value=né", "value_input=", "value="]);
    assert_eq!(input.value(app.doc()), "");
}

#[test]
fn clicks_are_told_only_to_who_waits_for_them() {
    let mut app = App::open(one(Button::new()));
    let button = app.only::<Button>();
    app.take_said();
    app.click(button);
    assert_eq!(app.take_said(), []);
    app.update(|doc| button.on_click(doc, |doc| doc.set_title("clicked")));
    app.click(button);
    assert_eq!(app.take_said().len(), 1);
    assert_eq!(app.doc().title(), "clicked");
}

#[test]
fn a_gesture_ends_where_a_callback_takes_the_widget_away() {
    let mut app = App::open(|doc: &mut Document| {
        let toggle = doc.add_root(Toggle::new());
        toggle.on_change(doc, Toggle::ACTIVE, move |doc, _| doc.remove_root(toggle).then_some(()).ok_or("it is gone"));
        toggle.on_click(doc, |_| Err("nobody can click it any more"));
        let slider = doc.add_root(Slider::new().start(0).end(9).value(1));
        slider.on_change(doc, Slider::VALUE, move |doc, change| {
            doc.set_title(format!("{}", change.new));
            doc.remove_root(slider);
        });
    });
    app.click(app.only::<Toggle>());
    app.drag(app.only::<Slider>(), 5);
    assert_eq!(app.doc().title(), "2");
    assert!(app.doc().roots().is_empty());
}

#[test]
fn numbers_beyond_the_bounds_become_the_bounds() {
    let mut app = App::open(one(Spinner::new().low(0).high(5).value(1)));
    let spinner = app.only::<Spinner>();
    app.enter(spinner, 9);
    assert_eq!(spinner.value(app.doc()), Some(5.0));
    assert_eq!(spinner.value_throttled(app.doc()), Some(5.0));
}

#[test]
fn boxes_are_listed_as_javascript_sorts_them() {
    let labels: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    let mut app = App::open(one(CheckboxButtonGroup::new().labels(labels).active([10, 9])));
    let group = app.only::<CheckboxButtonGroup>();
    app.toggle(group, "2");
    assert_eq!(group.active(app.doc()), [10, 2, 9]);
    app.toggle(group, "10");
    assert_eq!(group.active(app.doc()), [2, 9]);
}

#[test]
fn switches_and_choices_change_what_they_show() {
    let mut app = App::open(|doc: &mut Document| {
        let menu = Dropdown::new().label("menu").menu(["open", "close"]);
        let menu = doc.add(menu);
        menu.on::<MenuItemClick>(doc, |doc, click: MenuItemClick| doc.set_title(click.item.unwrap_or_default()));
        let radio = RadioGroup::new().labels(["a", "b"]).name("radio");
        let typed = AutocompleteInput::new().completions(["Oslo", "Osaka"]).name("city");
        let many = MultiChoice::new().options(["x", "y", "z"]).name("many");
        doc.add_root(column((menu, Switch::new(), radio, typed, many)));
    });
    app.choose(app.only::<Dropdown>(), "close");
    assert_eq!(app.doc().title(), "close");
    app.click(app.only::<Switch>());
    assert!(app.only::<Switch>().active(app.doc()));
    app.choose(app.only::<RadioGroup>(), "b");
    assert_eq!(app.only::<RadioGroup>().active(app.doc()), Some(1));
    app.choose(app.only::<AutocompleteInput>(), "Oslo");
    assert_eq!(app.only::<AutocompleteInput>().value(app.doc()), "Oslo");
    app.choose_many(app.only::<MultiChoice>(), &["z", "x"]);
    assert_eq!(app.only::<MultiChoice>().value(app.doc()), ["x", "z"]);
}

#[test]
fn files_arrive_in_base64_with_their_names() {
    let mut app = App::open(one(FileInput::new().multiple(true)));
    let input = app.only::<FileInput>();
    app.upload(input, &[File::new("a", "text/plain", "hi"), File::new("b", "text/plain", [0xff])]);
    assert_eq!(input.value(app.doc()), Value::from_iter(["aGk=".into(), "/w==".into()]));
    assert_eq!(input.filename(app.doc()), Value::from_iter(["a".into(), "b".into()]));
}

#[test]
fn the_mouse_leaves_one_plot_for_the_other() {
    let mut app = App::open(|doc: &mut Document| {
        for name in ["left", "right"] {
            let plot = doc.add_root(figure().name(name).x_range((0, 10)).y_range((0, 10)));
            plot.on::<MouseLeave>(doc, move |doc, _| doc.set_title(format!("left {name}")));
            plot.on::<Tap>(doc, move |doc, tap: Tap| doc.set_title(format!("{name} at {}, {}", tap.sx, tap.sy)));
        }
    });
    app.tap(app.find::<Figure>("left"), 5, 10);
    assert_eq!(app.doc().title(), "left at 300, 0");
    app.hover(app.find::<Figure>("right"), 1, 1);
    assert_eq!(app.doc().title(), "left left");
}

#[test]
fn a_plot_is_moved_zoomed_and_reset() {
    let mut app = App::open(|doc: &mut Document| {
        let plot = doc.add_root(figure().x_range((0, 10)).y_range((0, 5)));
        plot.on::<Pan>(doc, |doc, pan: Pan| doc.set_title(format!("{} {}", pan.delta_x, pan.delta_y)));
    });
    let plot = app.only::<Figure>();
    let bounds = |app: &App| {
        let range = plot.x_range(app.doc()).cast::<Range1d>(app.doc()).unwrap();
        (range.start(app.doc()).as_f64().unwrap(), range.end(app.doc()).as_f64().unwrap())
    };
    app.pan(plot, 1.0, 0.5);
    assert_eq!(bounds(&app), (1.0, 11.0));
    assert_eq!(app.doc().title(), "-60 60");
    app.zoom(plot, (4.0, 6.0), (0.0, 1.0));
    assert_eq!(bounds(&app), (4.0, 6.0));
    app.reset(plot);
    assert_eq!(bounds(&app), (0.0, 10.0));
}

#[test]
fn a_box_selects_the_markers_inside() {
    let mut app = App::open(|doc: &mut Document| {
        let source = doc.add(ColumnDataSource::new().data(data! { "x" => [1.0, 2.0, 3.0], "y" => [1.0, 5.0, 2.0] }));
        let plot = doc.add_root(figure().x_range((0, 10)).y_range((0, 10)).tools([BoxSelectTool::new()]));
        plot.scatter(doc, "x", "y").source(source).draw();
        plot.line(doc, "x", "y").source(source).draw();
    });
    let source = app.only::<ColumnDataSource>();
    app.box_select(app.only::<Figure>(), (3.5, 0.5), (0.0, 3.0));
    assert_eq!(source.selected(app.doc()).indices(app.doc()), [0, 2]);
}

#[test]
fn messages_of_scripts_reach_the_application() {
    let mut app = App::open(|doc: &mut Document| {
        doc.add_root(Div::new());
        doc.on_message("where", |doc, place| doc.set_title(format!("{place:?}")));
    });
    app.send_message("where", 5);
    assert_eq!(app.doc().title(), "Int(5)");
}

/// An application with one model.
fn one<B: bokeh_document::Build + Clone + Send + Sync + 'static>(model: B) -> impl Fn(&mut Document) + Send + Sync {
    move |doc: &mut Document| {
        doc.add_root(model.clone());
    }
}

/// The numbers to which properties of models have changed on the page, the throttled one last.
fn changes(app: &mut App, last: &str) -> Vec<f64> {
    let said = app.take_said().into_iter();
    let changes: Vec<(String, f64)> = said
        .filter_map(|event| match event {
            PatchEvent::ModelChanged { attr, new, .. } => Some((attr.to_string(), new.as_f64()?)),
            _ => None,
        })
        .collect();
    assert_eq!(changes.iter().filter(|(attr, _)| attr == last).count(), usize::from(!changes.is_empty()));
    changes.into_iter().map(|(_, value)| value).collect()
}

fn attributes(app: &mut App) -> Vec<String> {
    let said = app.take_said().into_iter();
    let text = |event| match event {
        PatchEvent::ModelChanged { attr, new, .. } => Some(format!("{attr}={}", new.as_str()?)),
        _ => None,
    };
    said.filter_map(text).collect()
}
