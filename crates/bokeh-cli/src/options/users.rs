use bokeh_server::Configuration;
use clap::Args;

/// Who may see the applications.
#[derive(Debug, Args)]
#[command(next_help_heading = "Users")]
pub(crate) struct UserOptions {
    /// A Python file that says who may see the applications [default: that in BOKEH_AUTH_MODULE]
    #[cfg(all(unix, feature = "python"))]
    #[arg(long, value_name = "FILE")]
    auth_module: Option<String>,
    /// The key with which cookies are signed; others on the machine can see it here [default: that in BOKEH_COOKIE_SECRET]
    #[arg(long, value_name = "SECRET")]
    cookie_secret: Option<String>,
    /// Let Tornado protect the forms of the auth module with XSRF cookies [default: as BOKEH_XSRF_COOKIES says]
    #[arg(long)]
    enable_xsrf_cookies: bool,
}

impl UserOptions {
    pub(super) fn give(&self, configuration: Configuration) -> Configuration {
        let given = [
            #[cfg(all(unix, feature = "python"))]
            ("auth_module", "--auth-module", self.auth_module.as_deref()),
            ("cookie_secret", "--cookie-secret", self.cookie_secret.as_deref()),
            ("xsrf_cookies", "--enable-xsrf-cookies", self.enable_xsrf_cookies.then_some("yes")),
        ];
        given.into_iter().fold(configuration, |configuration, (name, by, value)| match value {
            None => configuration,
            Some(value) => configuration.given(name, by, value),
        })
    }
}
