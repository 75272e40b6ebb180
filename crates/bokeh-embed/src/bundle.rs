//! The files that make up BokehJS.

/// The version of BokehJS that pages load and that the protocol is spoken with.
pub const BOKEHJS_VERSION: &str = "3.9.2";

/// One of the scripts of BokehJS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bundle {
    /// The core with plots and layouts; the others add to it.
    Bokeh,
    /// Drawing by WebGL.
    Gl,
    /// Widgets, such as sliders and buttons.
    Widgets,
    /// `DataTable` and what belongs to it.
    Tables,
    /// TeX in texts.
    MathJax,
}

impl Bundle {
    /// All bundles, in the order in which a page loads them.
    pub const ALL: [Self; 5] = [Self::Bokeh, Self::Gl, Self::Widgets, Self::Tables, Self::MathJax];

    /// The file's name without version and extension.
    ///
    /// ```
    /// assert_eq!(bokeh_embed::Bundle::Gl.name(), "bokeh-gl");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Bokeh => "bokeh",
            Self::Gl => "bokeh-gl",
            Self::Widgets => "bokeh-widgets",
            Self::Tables => "bokeh-tables",
            Self::MathJax => "bokeh-mathjax",
        }
    }

    /// The file's name in a folder or below a server's `static/js/`.
    pub fn file_name(self) -> String {
        format!("{}.min.js", self.name())
    }

    /// The hash that lets a browser check what a foreign host sends, for [`BOKEHJS_VERSION`].
    pub fn integrity(self) -> &'static str {
        match self {
            Self::Bokeh => "sha384-g9DMRTbu324z8DCTVTliqGx5fbK+SywwPXdNdCUvpyEcNgorUiK1U1lJV7Uf3ESB",
            Self::Gl => "sha384-swQ+sZ0EbcWJdK0saQItagMkHZI+Js7hH1XaGGS6rRUKqinZrDHogtNFjApJu0hE",
            Self::Widgets => "sha384-PD6/bzjjpPVhqReVJHmItc/pOG2R8Vh7ZZGEgv/uu8hHGE73heS/msfKJ3Bqkkyn",
            Self::Tables => "sha384-WnRyZiKDQw+w5/53VW4LGy3OzNdNE/7urfq+y9FXHEuKMKDwrnlqgLBtcc+oXI0z",
            Self::MathJax => "sha384-6aW11IUvqAOl4Rz1ysSTvU8DymUCLikjeh3ZxaUu/pzj5PyjLrtY2zeabLoG48if",
        }
    }
}
