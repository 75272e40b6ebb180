//! BokehJS inside of the program, with the feature `embed-bokehjs`.

/// The scripts by their file names. None without the feature.
pub(crate) const SCRIPTS: Option<[(&str, &[u8]); 5]> = scripts();

#[cfg(not(feature = "embed-bokehjs"))]
const fn scripts() -> Option<[(&'static str, &'static [u8]); 5]> {
    None
}

#[cfg(feature = "embed-bokehjs")]
const fn scripts() -> Option<[(&'static str, &'static [u8]); 5]> {
    macro_rules! script {
        ($name:literal) => {
            (
                $name,
                include_bytes!(concat!(
                    env!(
                        "BOKEHJS_DIR",
                        "the feature embed-bokehjs needs this: the whole path of the folder `build` of @bokeh/bokehjs"
                    ),
                    "/js/",
                    $name
                )),
            )
        };
    }
    Some([
        script!("bokeh.min.js"),
        script!("bokeh-gl.min.js"),
        script!("bokeh-widgets.min.js"),
        script!("bokeh-tables.min.js"),
        script!("bokeh-mathjax.min.js"),
    ])
}
