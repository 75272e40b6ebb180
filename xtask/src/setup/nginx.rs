//! nginx, behind which tests put the server.

use std::{env, path::PathBuf};

use anyhow::{Result, bail};

use crate::shell;

/// Finds nginx, and installs it where that is possible. `NGINX` in the environment comes first.
pub(crate) fn nginx() -> Result<PathBuf> {
    if let Some(nginx) = find() {
        return Ok(nginx);
    }
    if shell::apt_install(&["nginx"])?
        && let Some(nginx) = find()
    {
        return Ok(nginx);
    }
    bail!("nginx was not found; install it (Debian: `apt-get install nginx` as root), or name it in NGINX")
}

fn find() -> Option<PathBuf> {
    let named = env::var_os("NGINX").map(PathBuf::from);
    // On the search path of users there is no `sbin`.
    named.or_else(|| shell::find_program(&["nginx"], &["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"]))
}
