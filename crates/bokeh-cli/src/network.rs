//! The options of `serve` that are about connections.

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;
use std::path::PathBuf;

use bokeh_server::{Configuration, Settings};
use clap::Args;

use crate::options::{NumberError, number};

/// How connections come in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connections")]
pub(crate) struct NetworkOptions {
    /// Port to listen at; 0 is any that is free [default: that in BOKEH_DEFAULT_SERVER_PORT, or 5006]
    #[arg(long, allow_negative_numbers = true)]
    port: Option<i64>,
    /// Host name or address to listen at [default: all of the machine's]
    #[arg(long)]
    address: Option<String>,
    /// Unix socket to listen at instead, which only this user can connect to
    #[arg(long, value_name = "PATH")]
    unix_socket: Option<PathBuf>,
    /// File with the certificate in PEM; the server then speaks TLS [default: that in BOKEH_SSL_CERTFILE]
    #[arg(long, value_name = "FILE")]
    ssl_certfile: Option<PathBuf>,
    /// File with the key in PEM, unless it is in that of the certificate [default: that in BOKEH_SSL_KEYFILE]
    #[arg(long, value_name = "FILE")]
    ssl_keyfile: Option<PathBuf>,
    /// The key's password; others on the machine can see it here [default: that in BOKEH_SSL_PASSWORD]
    #[arg(long, value_name = "PASSWORD")]
    ssl_password: Option<String>,
    /// Let trusted proxies say who asks: X-Real-Ip, X-Forwarded-For, X-Scheme, X-Forwarded-Proto
    #[arg(long)]
    use_xheaders: bool,
    /// Proxy that --use-xheaders trusts: address, network like 10.0.0.0/8, or * for all; may be given several times
    /// [default: this machine]
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<String>,
}

/// Why the options make no sense.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum NetworkError {
    #[error("--{0} arg is not supported with a unix socket; leave out one of the two")]
    WithUnixSocket(&'static str),
    #[error(
        "there is a certificate in BOKEH_SSL_CERTFILE or a configuration file, and a unix socket has no use for it"
    )]
    CertificateForUnixSocket,
    #[error("--trusted-proxy says whom --use-xheaders trusts; give both or neither")]
    TrustWithoutHeaders,
    #[error(transparent)]
    Number(#[from] NumberError),
}

impl NetworkOptions {
    /// Adds what the options say of settings that can also be said elsewhere.
    pub(crate) fn give(&self, configuration: Configuration) -> Result<Configuration, NetworkError> {
        self.contradiction()?;
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
        let given = [
            ("ssl_certfile", "--ssl-certfile", path(&self.ssl_certfile)),
            ("ssl_keyfile", "--ssl-keyfile", path(&self.ssl_keyfile)),
            ("ssl_password", "--ssl-password", self.ssl_password.clone()),
            ("default_server_port", "--port", number::<u16>("--port", self.port, PORTS)?.map(|port| port.to_string())),
        ];
        Ok(given.into_iter().fold(configuration, |configuration, (name, by, value)| match value {
            None => configuration,
            Some(value) => configuration.given(name, by, value),
        }))
    }

    /// Changes what the options ask for.
    pub(crate) fn apply(&self, settings: &mut Settings) -> Result<(), NetworkError> {
        if self.unix_socket.is_some() && settings.tls.is_some() {
            return Err(NetworkError::CertificateForUnixSocket);
        }
        settings.unix_socket.clone_from(&self.unix_socket);
        settings.address.clone_from(&self.address);
        settings.use_xheaders = self.use_xheaders;
        settings.trusted_proxies.clone_from(&self.trusted_proxy);
        Ok(())
    }

    fn contradiction(&self) -> Result<(), NetworkError> {
        let given = [
            ("port", self.port.is_some()),
            ("address", self.address.is_some()),
            ("ssl-certfile", self.ssl_certfile.is_some()),
            ("ssl-keyfile", self.ssl_keyfile.is_some()),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) if self.unix_socket.is_some() => Err(NetworkError::WithUnixSocket(name)),
            _ if !self.trusted_proxy.is_empty() && !self.use_xheaders => Err(NetworkError::TrustWithoutHeaders),
            _ => Ok(()),
        }
    }
}

const PORTS: RangeInclusive<i64> = 0..=65535;
