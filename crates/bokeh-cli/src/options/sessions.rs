use std::time::Duration;

use bokeh_protocol::Signing;
use bokeh_server::{Configuration, Passed, Settings};
use clap::Args;

use super::OptionsError;
use super::number::{FROM_1, number};

/// How long sessions live, and what they know of their pages.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sessions")]
pub(crate) struct SessionOptions {
    /// Whether ids of sessions must be signed [default: unsigned, or signed when BOKEH_SIGN_SESSIONS is set]
    ///
    /// Signing needs a secret in BOKEH_SECRET_KEY; `bokeh-rs secret` makes one.
    #[arg(long, value_enum, value_name = "MODE")]
    session_ids: Option<SessionIds>,
    /// For how long after it was made a page can open its session, in seconds [default: 300]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    session_token_expiration: Option<i64>,
    /// How long a session is kept that nobody is connected to, in milliseconds [default: 15000 after a page has said goodbye,
    /// 600000 after its connection broke]
    #[arg(long, value_name = "MILLISECONDS", allow_negative_numbers = true)]
    unused_session_lifetime: Option<i64>,
    /// How often to look for such sessions, in milliseconds [default: 17000]
    #[arg(long, value_name = "MILLISECONDS", allow_negative_numbers = true)]
    check_unused_sessions: Option<i64>,
    /// The only headers of a request that its session sees
    #[arg(long, value_name = "NAME", num_args = 1..)]
    include_headers: Option<Vec<String>>,
    /// The headers of a request that its session does not see
    #[arg(long, value_name = "NAME", num_args = 1..)]
    exclude_headers: Option<Vec<String>>,
    /// The only cookies of a request that its session sees
    #[arg(long, value_name = "NAME", num_args = 1..)]
    include_cookies: Option<Vec<String>>,
    /// The cookies of a request that its session does not see
    #[arg(long, value_name = "NAME", num_args = 1..)]
    exclude_cookies: Option<Vec<String>>,
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

impl SessionOptions {
    pub(super) fn give(&self, configuration: Configuration) -> Configuration {
        match self.session_ids {
            None => configuration,
            Some(SessionIds::Unsigned) => configuration.given("sign_sessions", "--session-ids", ""),
            Some(SessionIds::Signed | SessionIds::ExternalSigned) => {
                configuration.given("sign_sessions", "--session-ids", "yes")
            }
        }
    }

    pub(super) fn apply(&self, settings: &mut Settings) -> Result<(), OptionsError> {
        settings.signing = match (self.session_ids, settings.signing.take()) {
            (Some(SessionIds::Unsigned), _) => Some(Signing::Unsigned),
            (Some(SessionIds::ExternalSigned), Some(Signing::Signed(secret))) => Some(Signing::ExternalSigned(secret)),
            (_, signing) => signing,
        };
        if let Some(secs) = number("--session-token-expiration", self.session_token_expiration, FROM_1)? {
            settings.session_token_expiration = Duration::from_secs(secs);
        }
        if let Some(millis) = number("--unused-session-lifetime", self.unused_session_lifetime, FROM_1)? {
            settings.unused_session_lifetime = Duration::from_millis(millis);
            settings.lost_session_lifetime = Duration::from_millis(millis);
        }
        if let Some(millis) = number("--check-unused-sessions", self.check_unused_sessions, FROM_1)? {
            settings.check_unused_sessions = Duration::from_millis(millis);
        }
        settings.headers = passed("headers", self.include_headers.as_ref(), self.exclude_headers.as_ref())?;
        settings.cookies = passed("cookies", self.include_cookies.as_ref(), self.exclude_cookies.as_ref())?;
        Ok(())
    }
}

fn passed(
    what: &'static str,
    only: Option<&Vec<String>>,
    except: Option<&Vec<String>>,
) -> Result<Passed, OptionsError> {
    match (only, except) {
        (Some(_), Some(_)) => Err(OptionsError::BothLists(what)),
        (Some(names), None) => Ok(Passed::Only(names.clone())),
        (None, Some(names)) => Ok(Passed::Except(names.clone())),
        (None, None) => Ok(Passed::All),
    }
}
