use std::process::ExitCode;

use bokeh_protocol::Signing;

use crate::serve::fail;

/// Prints a secret that sessions can be signed with: as long as an id of a session, and as hard to guess.
pub(crate) fn secret() -> ExitCode {
    match Signing::Unsigned.generate_session_id() {
        Ok(secret) => {
            println!("{secret}");
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("cannot make a secret: {error}")),
    }
}
