use bokeh_document::HoldPolicy;
use bokeh_models::prelude::*;
use bokeh_protocol::{Event, Map, ModelId, Spec, SpecKind, Value};

use super::Edit;
use super::app::{get, guest, list, map, named, set};

/// Properties, models, roots, the title and messages.
pub(super) const EDITS: &[Edit] = &[
    Edit {
        name: "a property",
        run: |doc| set(doc, "div", "text", "changed: ünïcödé </script> \u{2028}"),
        in_page: "model('div').text == 'changed: ünïcödé </script> \\u2028'",
        in_python: "m('div').text == 'changed: ünïcödé </script> \\u2028'",
    },
    Edit {
        name: "two properties of one model",
        run: |doc| {
            set(doc, "slider", "value", 7);
            set(doc, "slider", "title", "seven");
        },
        in_page: "model('slider').value == 7 && model('slider').title == 'seven'",
        in_python: "m('slider').value == 7 and m('slider').title == 'seven'",
    },
    Edit {
        name: "a property that goes back to its default",
        run: |doc| set(doc, "slider", "title", ""),
        in_page: "model('slider').title == ''",
        in_python: "m('slider').title == ''",
    },
    Edit {
        name: "a property of a model that another one owns",
        run: |doc| {
            let title = get(doc, "plot", "title").as_model().expect("a plot has a title");
            doc.set_value(title, "text", "by the server".into()).expect("a text");
        },
        in_page: "model('plot').title.text == 'by the server'",
        in_python: "m('plot').title.text == 'by the server'",
    },
    Edit {
        name: "a column for a constant, a constant for a column",
        run: |doc| {
            let glyph = get(doc, "dots", "glyph").as_model().expect("a renderer has a glyph");
            doc.set_value(glyph, "size", Spec::new(SpecKind::Field("y".into())).into()).expect("a column");
            doc.set_value(glyph, "y", Spec::new(SpecKind::Value(2.5.into())).into()).expect("a constant");
        },
        in_page: "model('dots').glyph.size.field == 'y' && model('dots').glyph.y.value == 2.5",
        in_python: "m('dots').glyph.size == field('y') and m('dots').glyph.y == value(2.5)",
    },
    Edit {
        name: "a transform, and a unit",
        run: |doc| {
            let glyph = get(doc, "dots", "glyph").as_model().expect("a renderer has a glyph");
            let transform = ModelId::from(doc.add(Jitter::new().width(0.25)));
            let x = Spec { transform: Some(transform.into()), ..Spec::new(SpecKind::Field("x".into())) };
            doc.set_value(glyph, "x", x.into()).expect("a transform");
            let angle = Spec { units: Some("deg".into()), ..Spec::new(SpecKind::Value(45.into())) };
            doc.set_value(glyph, "angle", angle.into()).expect("a unit");
        },
        in_page: "model('dots').glyph.x.transform.width == 0.25 && model('dots').glyph.angle.units == 'deg'",
        in_python: "m('dots').glyph.x.transform.width == 0.25 and m('dots').glyph.angle.units == 'deg'",
    },
    Edit {
        name: "the title",
        run: |doc| doc.set_title("a title & more"),
        in_page: "doc().title() == 'a title & more' && document.title == 'a title & more'",
        in_python: "document.title == 'a title & more'",
    },
    Edit {
        name: "a new root",
        run: |doc| {
            doc.add_root(Div::new().name("root").text("new"));
        },
        in_page: "model('root').text == 'new' && doc().roots().length == 3",
        in_python: "m('root').text == 'new' and len(document.roots) == 3",
    },
    Edit {
        name: "a root less",
        run: |doc| {
            let root = named(doc, "root");
            doc.remove_root(root);
        },
        in_page: "doc().roots().every((root) => root.name != 'root')",
        in_python: "m('root') is None",
    },
    Edit {
        name: "a model from outside the document as a root",
        run: |doc| {
            let guest = guest(doc);
            doc.add_root(guest);
        },
        in_page: "model('guest').text == 'a guest'",
        in_python: "m('guest').text == 'a guest'",
    },
    Edit {
        name: "the same model out again, and changed there",
        run: |doc| {
            let guest = guest(doc);
            doc.remove_root(guest);
            doc.set_value(guest, "text", "changed while away".into()).expect("a text");
        },
        in_page: "doc().roots().length == 2",
        in_python: "len(document.roots) == 2",
    },
    Edit {
        name: "the same model again, elsewhere",
        run: |doc| {
            let guest = guest(doc);
            set(doc, "group", "children", list([guest.into()]));
        },
        in_page: "model('group').children[0].text == 'changed while away'",
        in_python: "m('group').children[0].text == 'changed while away'",
    },
    Edit {
        name: "away, changed, and back at once",
        run: |doc| {
            let guest = guest(doc);
            set(doc, "group", "children", list([]));
            doc.set_value(guest, "text", "changed in between".into()).expect("a text");
            set(doc, "group", "children", list([guest.into()]));
        },
        in_page: "model('guest').text == 'changed in between' && model('group').children.length == 1",
        in_python: "m('guest').text == 'changed in between' and len(m('group').children) == 1",
    },
    Edit {
        name: "new models inside each other, changed before anybody saw them",
        run: |doc| {
            let inner = doc.add(Div::new().name("inner").text("before"));
            let outer = doc.add(bokeh_models::row((inner, Slider::new().start(0).end(1).value(0.5).name("fresh"))));
            inner.set_text(doc, "after");
            let mut children = get(doc, "group", "children").as_list().unwrap_or_default().to_vec();
            children.push(ModelId::from(outer).into());
            set(doc, "group", "children", children);
            inner.set_width(doc, 77);
        },
        in_page: "model('inner').text == 'after' && model('inner').width == 77 && model('fresh').value == 0.5",
        in_python: "m('inner').text == 'after' and m('inner').width == 77 and m('fresh').value == 0.5",
    },
    Edit {
        name: "a new model in two places",
        run: |doc| {
            let formatter = ModelId::from(doc.add(NumeralTickFormatter::new().format("0.00")));
            set(doc, "slider", "format", formatter);
            set(doc, "fresh", "format", formatter);
        },
        in_page: "model('slider').format.format == '0.00' && model('slider').format == model('fresh').format",
        in_python: "m('slider').format.format == '0.00' and m('slider').format is m('fresh').format",
    },
    Edit {
        name: "models that refer to each other",
        run: |doc| {
            let (a, b) = (named(doc, "inner"), named(doc, "fresh"));
            doc.set_value(a, "tags", list([b.into()])).expect("tags");
            doc.set_value(b, "tags", list([map([("other".into(), a.into())])])).expect("tags");
        },
        in_page: "model('inner').tags[0].tags[0].other == model('inner')",
        in_python: "m('inner').tags[0].tags[0]['other'] is m('inner')",
    },
    Edit {
        name: "a glyph with a source of its own",
        run: |doc| {
            let data = data! { "x" => [1.0, 2.0], "y" => [1.0, 3.0] };
            let source = doc.add(ColumnDataSource::new().name("line's").data(data));
            let plot = Plot::named(doc, "plot").expect("a plot");
            plot.line(doc, "x", "y").source(source).name("line").draw();
            source.stream(doc, data! { "x" => [3.0], "y" => [2.0] }, None).expect("all columns");
        },
        in_page: "model('line').data_source.data.x.length == 3 && model('plot').renderers.length == 2",
        in_python: "len(m('line').data_source.data['x']) == 3 and len(m('plot').renderers) == 2",
    },
    Edit {
        name: "other models in the place of others",
        run: |doc| {
            set(doc, "group", "children", list([]));
            let range = ModelId::from(doc.add(Range1d::new().start(-1).end(11)));
            set(doc, "plot", "x_range", range);
        },
        in_page: "model('plot').x_range.end == 11 && model('group').children.length == 0",
        in_python: "m('plot').x_range.end == 11 and m('group').children == []",
    },
    Edit {
        name: "a message",
        run: |doc| doc.send_message("news", map([("of".into(), list([1.into(), Value::Null, f64::NAN.into()]))])),
        in_page: "window.news.of[0] === 1 && window.news.of[1] === null && Number.isNaN(window.news.of[2])",
        in_python: "news[-1]['of'][:2] == [1, None] and news[-1]['of'][2] != news[-1]['of'][2]",
    },
    Edit {
        name: "an event for the browser",
        run: |doc| {
            let values = Map::from_iter([("model", Value::from(named(doc, "file")))]);
            let event = Event { name: "clear_input".into(), values };
            doc.send_message("bokeh_event", event);
        },
        in_page: "!model('file').properties.filename.is_unset",
        in_python: "True",
    },
    Edit {
        name: "changes that were held back",
        run: |doc| {
            let mut doc = doc.held(HoldPolicy::Combine);
            for n in 0..10 {
                set(&mut doc, "div", "text", format!("held {n}"));
                set(&mut doc, "slider", "value", n);
            }
        },
        in_page: "model('div').text == 'held 9' && model('slider').value == 9",
        in_python: "m('div').text == 'held 9' and m('slider').value == 9",
    },
    Edit {
        name: "a hundred changes at once",
        run: |doc| {
            for n in 0..100 {
                set(doc, "div", "text", format!("change {n}"));
                doc.set_title(format!("title {n}"));
            }
        },
        in_page: "model('div').text == 'change 99' && doc().title() == 'title 99'",
        in_python: "m('div').text == 'change 99' and document.title == 'title 99'",
    },
];
