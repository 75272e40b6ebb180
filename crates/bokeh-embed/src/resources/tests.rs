use super::*;

#[test]
fn all_bundles_are_linked_in_loading_order() {
    for (resources, expected) in [
        (
            Resources::server("", |_| None),
            [
                "/static/js/bokeh.min.js",
                "/static/js/bokeh-gl.min.js",
                "/static/js/bokeh-widgets.min.js",
                "/static/js/bokeh-tables.min.js",
                "/static/js/bokeh-mathjax.min.js",
            ],
        ),
        (
            Resources::cdn(),
            [
                "https://cdn.bokeh.org/bokeh/release/bokeh-3.9.2.min.js",
                "https://cdn.bokeh.org/bokeh/release/bokeh-gl-3.9.2.min.js",
                "https://cdn.bokeh.org/bokeh/release/bokeh-widgets-3.9.2.min.js",
                "https://cdn.bokeh.org/bokeh/release/bokeh-tables-3.9.2.min.js",
                "https://cdn.bokeh.org/bokeh/release/bokeh-mathjax-3.9.2.min.js",
            ],
        ),
    ] {
        let urls: Vec<&str> = resources.scripts().iter().map(|script| script.url.as_str()).collect();
        assert_eq!(urls, expected);
    }
}

#[test]
fn a_page_can_do_with_fewer_bundles() {
    for (wanted, expected) in [
        (&[][..], &[Bundle::Bokeh][..]),
        (&[Bundle::Widgets], &[Bundle::Bokeh, Bundle::Widgets]),
        (&[Bundle::Tables, Bundle::Widgets, Bundle::Bokeh], &[Bundle::Bokeh, Bundle::Widgets, Bundle::Tables]),
        (&Bundle::ALL, &Bundle::ALL),
    ] {
        let resources = Resources::cdn().only(wanted);
        assert_eq!(resources.scripts().iter().map(|script| script.bundle).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn only_files_of_a_foreign_host_are_checked() {
    let checked = |resources: Resources| resources.scripts().iter().all(|script| script.integrity.is_some());
    assert!(checked(Resources::cdn()));
    assert!(!checked(Resources::server("", |_| None)));
}

#[test]
fn what_is_not_needed_at_first_comes_later() {
    let resources = Resources::server("/pp", |_| None).at_first(&[Bundle::Widgets]);
    let bundles = |resources: &Resources| resources.scripts().iter().map(|script| script.bundle).collect::<Vec<_>>();
    assert_eq!(bundles(&resources), [Bundle::Bokeh, Bundle::Widgets]);
    let html = resources.to_html();
    assert_eq!(html.matches("<script src=").count(), 2);
    let later = resources.later_script().unwrap();
    assert!(html.ends_with(&format!("<script>{later}</script>")));
    for (name, expected) in [("gl", true), ("widgets", false), ("tables", true), ("mathjax", true)] {
        assert_eq!(later.contains(&format!("\"/pp/static/js/bokeh-{name}.min.js\"")), expected, "{name}");
    }

    assert_eq!(bundles(&resources.clone().at_first(&Bundle::ALL)), Bundle::ALL);
    assert_eq!(resources.clone().at_first(&Bundle::ALL).later_script(), None);
    let only = resources.clone().only(&[Bundle::Widgets, Bundle::Gl]).later_script().unwrap();
    assert!(only.contains("bokeh-gl") && !only.contains("bokeh-tables"));
    let elsewhere = resources.at_origin("https://example.org").later_script().unwrap();
    assert!(elsewhere.contains("\"https://example.org/pp/static/js/bokeh-gl.min.js\""));
}
