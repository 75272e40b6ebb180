//! The options of `serve`.

use std::time::Duration;

use bokeh_protocol::{Limits, Secret, Signing};
use bokeh_server::{Passed, Settings};
use clap::Args;

use crate::serve::variable;

/// What can be said on the command line about a server.
#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    /// Host whose pages may open a WebSocket here; may be given several times [default: localhost:PORT]
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_websocket_origin: Vec<String>,
    /// What all paths begin with
    #[arg(long, default_value = "", hide_default_value = true)]
    prefix: String,
    /// Whether ids of sessions must be signed [default: unsigned, or signed when BOKEH_SIGN_SESSIONS is set]
    ///
    /// Signing needs a secret in BOKEH_SECRET_KEY; `bokeh-rs secret` makes one.
    #[arg(long, value_enum)]
    session_ids: Option<SessionIds>,
    /// How long a session is kept that nobody is connected to, in milliseconds [default: 15000 after a page has said goodbye,
    /// 600000 after its connection broke]
    #[arg(long, value_name = "MILLISECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    unused_session_lifetime: Option<u64>,
    /// How often to look for such sessions, in milliseconds [default: 17000]
    #[arg(long, value_name = "MILLISECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    check_unused_sessions: Option<u64>,
    /// How often each WebSocket is pinged, in milliseconds; 0 is never [default: 37000]
    #[arg(long, value_name = "MILLISECONDS")]
    keep_alive: Option<u64>,
    /// For how long after it was made a page can open its session, in seconds [default: 300]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    session_token_expiration: Option<u64>,
    /// How much a message may hold in one piece, in bytes [default: 20971520]
    #[arg(long, value_name = "BYTES")]
    websocket_max_message_size: Option<usize>,
    /// The only headers of a request that its session sees
    #[arg(long, value_name = "NAME", num_args = 1.., conflicts_with = "exclude_headers")]
    include_headers: Option<Vec<String>>,
    /// The headers of a request that its session does not see
    #[arg(long, value_name = "NAME", num_args = 1..)]
    exclude_headers: Option<Vec<String>>,
    /// The only cookies of a request that its session sees
    #[arg(long, value_name = "NAME", num_args = 1.., conflicts_with = "exclude_cookies")]
    include_cookies: Option<Vec<String>>,
    /// The cookies of a request that its session does not see
    #[arg(long, value_name = "NAME", num_args = 1..)]
    exclude_cookies: Option<Vec<String>>,
    /// Show no list of the applications
    #[arg(long)]
    disable_index: bool,
    /// Show the list of the applications even if there is only one
    #[arg(long)]
    disable_index_redirect: bool,
    /// Open the applications in a browser
    #[arg(long)]
    pub(crate) show: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum SessionIds {
    /// Any id will do
    Unsigned,
    /// Ids that clients choose must be signed
    Signed,
    /// The same, and the server chooses none itself
    ExternalSigned,
}

/// Why the options make no settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OptionsError {
    #[error(
        "to sign sessions, a secret must be in the environment variable BOKEH_SECRET_KEY; `bokeh-rs secret` makes one, and \
         --session-ids unsigned does without"
    )]
    NoSecret,
}

impl ServeOptions {
    /// What all paths begin with, in the form in which the server has it.
    #[cfg(all(unix, feature = "python"))]
    pub(crate) fn prefix(&self) -> String {
        match self.prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("/{prefix}"),
        }
    }

    /// The settings that the options and the environment ask for.
    pub(crate) fn settings(&self) -> Result<Settings, OptionsError> {
        let default = Settings::default();
        let lifetime = self.unused_session_lifetime.map(Duration::from_millis);
        Ok(Settings {
            allow_websocket_origin: self.allow_websocket_origin.clone(),
            prefix: self.prefix.clone(),
            signing: self.signing(variable)?,
            unused_session_lifetime: lifetime.unwrap_or(default.unused_session_lifetime),
            lost_session_lifetime: lifetime.unwrap_or(default.lost_session_lifetime),
            check_unused_sessions: self
                .check_unused_sessions
                .map_or(default.check_unused_sessions, Duration::from_millis),
            keep_alive: match self.keep_alive {
                None => default.keep_alive,
                Some(0) => None,
                Some(millis) => Some(Duration::from_millis(millis)),
            },
            session_token_expiration: self
                .session_token_expiration
                .map_or(default.session_token_expiration, Duration::from_secs),
            message_limits: self.message_limits(),
            headers: passed(self.include_headers.as_ref(), self.exclude_headers.as_ref()),
            cookies: passed(self.include_cookies.as_ref(), self.exclude_cookies.as_ref()),
            index: !self.disable_index,
            redirect_root: !self.disable_index_redirect,
            ..default
        })
    }

    fn message_limits(&self) -> Limits {
        let default = Limits::default();
        let Some(max_fragment_bytes) = self.websocket_max_message_size else { return default };
        Limits { max_fragment_bytes, max_message_bytes: default.max_message_bytes.max(max_fragment_bytes), ..default }
    }

    fn signing(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Option<Signing>, OptionsError> {
        let secret = || environment("BOKEH_SECRET_KEY").map(Secret::new).ok_or(OptionsError::NoSecret);
        Ok(match self.session_ids {
            Some(SessionIds::Unsigned) => Some(Signing::Unsigned),
            Some(SessionIds::Signed) => Some(Signing::Signed(secret()?)),
            Some(SessionIds::ExternalSigned) => Some(Signing::ExternalSigned(secret()?)),
            // Any text means yes, also "no": Bokeh reads it like that.
            None if environment("BOKEH_SIGN_SESSIONS").is_some() => Some(Signing::Signed(secret()?)),
            None => None,
        })
    }
}

fn passed(only: Option<&Vec<String>>, except: Option<&Vec<String>>) -> Passed {
    match (only, except) {
        (Some(names), _) => Passed::Only(names.clone()),
        (None, Some(names)) => Passed::Except(names.clone()),
        (None, None) => Passed::All,
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::*;

    fn options(args: &[&str]) -> Result<ServeOptions, clap::Error> {
        let command = ServeOptions::augment_args(Command::new("serve"));
        let matches = command.try_get_matches_from([&["serve"], args].concat())?;
        ServeOptions::from_arg_matches(&matches)
    }

    fn signing(args: &[&str], environment: &[(&str, &str)]) -> String {
        let options = options(args).unwrap();
        let lookup =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        match options.signing(lookup) {
            Ok(None) => "default".to_owned(),
            Ok(Some(Signing::Unsigned)) => "unsigned".to_owned(),
            Ok(Some(Signing::Signed(_))) => "signed".to_owned(),
            Ok(Some(Signing::ExternalSigned(_))) => "external".to_owned(),
            Err(OptionsError::NoSecret) => "no secret".to_owned(),
        }
    }

    #[test]
    fn one_lifetime_bounds_all_sessions_that_nobody_uses() {
        for (args, unused_ms, lost_ms, check_ms) in [
            (&[][..], 15_000, 600_000, 17_000),
            (&["--unused-session-lifetime", "2000"], 2000, 2000, 17_000),
            (&["--unused-session-lifetime", "3600000"], 3_600_000, 3_600_000, 17_000),
            (&["--check-unused-sessions", "500"], 15_000, 600_000, 500),
        ] {
            let settings = options(args).unwrap().settings().unwrap();
            let times =
                [settings.unused_session_lifetime, settings.lost_session_lifetime, settings.check_unused_sessions];
            assert_eq!(times.map(|time| time.as_millis()), [unused_ms, lost_ms, check_ms], "{args:?}");
        }
        for option in ["--unused-session-lifetime", "--check-unused-sessions"] {
            assert!(options(&[option, "0"]).is_err());
        }
    }

    #[test]
    fn requests_are_passed_on_as_the_options_say() {
        let names = || vec!["A".to_owned(), "b".to_owned()];
        for (args, headers, cookies) in [
            (&[][..], Passed::All, Passed::All),
            (&["--include-headers", "A", "b"], Passed::Only(names()), Passed::All),
            (&["--exclude-headers", "A", "b"], Passed::Except(names()), Passed::All),
            (&["--include-cookies", "A", "b"], Passed::All, Passed::Only(names())),
            (&["--exclude-cookies", "A", "b"], Passed::All, Passed::Except(names())),
        ] {
            let settings = options(args).unwrap().settings().unwrap();
            assert_eq!((settings.headers, settings.cookies), (headers, cookies), "{args:?}");
        }
        assert!(options(&["--include-headers", "A", "--exclude-headers", "b"]).is_err());
    }

    #[test]
    fn other_options_reach_the_settings() {
        for (args, keep_alive_ms, token_secs, fragment_bytes, index, redirect) in [
            (&[][..], Some(37_000), 300, 20 << 20, true, true),
            (&["--keep-alive", "0", "--disable-index"], None, 300, 20 << 20, false, true),
            (&["--keep-alive=5", "--disable-index-redirect"], Some(5), 300, 20 << 20, true, false),
            (&["--session-token-expiration=60", "--websocket-max-message-size=9"], Some(37_000), 60, 9, true, true),
        ] {
            let settings = options(args).unwrap().settings().unwrap();
            let keep_alive = settings.keep_alive.map(|time| time.as_millis());
            assert_eq!(
                (keep_alive, settings.session_token_expiration.as_secs()),
                (keep_alive_ms, token_secs),
                "{args:?}"
            );
            assert_eq!(settings.message_limits.max_fragment_bytes, fragment_bytes, "{args:?}");
            assert_eq!((settings.index, settings.redirect_root), (index, redirect), "{args:?}");
        }
    }

    #[test]
    fn signing_follows_the_options_and_then_the_environment() {
        let key = ("BOKEH_SECRET_KEY", "0123456789abcdef0123456789abcdef");
        let sign = ("BOKEH_SIGN_SESSIONS", "no");
        for (args, environment, expected) in [
            (&[][..], &[][..], "default"),
            (&[], &[key], "default"),
            (&[], &[key, sign], "signed"),
            (&[], &[sign], "no secret"),
            (&["--session-ids", "unsigned"], &[sign], "unsigned"),
            (&["--session-ids", "signed"], &[], "no secret"),
            (&["--session-ids", "signed"], &[key], "signed"),
            (&["--session-ids", "external-signed"], &[key], "external"),
        ] {
            assert_eq!(signing(args, environment), expected, "{args:?} {environment:?}");
        }
    }
}
