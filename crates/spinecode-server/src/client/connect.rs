//! Connecting.

use std::path::{Path, PathBuf};
use std::time::Duration;

use spinecode_engine::Error;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

/// How a server is reached.
#[derive(Clone, Debug)]
pub struct RemoteOptions {
    /// PEM file of the authority that the server's certificate must come from. Default: those the system trusts.
    pub ca: Option<PathBuf>,
    /// PEM file of our own certificate chain, for a server that asks for one. Needs `key`.
    pub cert: Option<PathBuf>,
    /// PEM file of its key.
    pub key: Option<PathBuf>,
    /// The name that the server's certificate must bear. Default: the host of the address.
    pub domain: Option<String>,
    /// How long one answer may take. Default: 30 s.
    pub deadline: Duration,
    /// How long connecting may take. Default: 10 s.
    pub connect_timeout: Duration,
    /// Compress requests, and take compressed answers. Default: false; worth it on slow lines only.
    pub compress: bool,
}

impl Default for RemoteOptions {
    fn default() -> Self {
        Self {
            ca: None,
            cert: None,
            key: None,
            domain: None,
            deadline: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            compress: false,
        }
    }
}

pub(super) async fn channel(url: &str, options: &RemoteOptions) -> Result<Channel, Error> {
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    };
    let secure = url.starts_with("https://");
    if !secure && !url.starts_with("http://") {
        return Err(Error::Transport(format!(
            "cannot connect to `{url}`: the address must start with `http://` or `https://`"
        )));
    }
    let wants_tls = options.ca.is_some() || options.cert.is_some() || options.key.is_some() || options.domain.is_some();
    if wants_tls && !secure {
        return Err(Error::Transport(format!(
            "cannot connect to `{url}`: certificates are given, so the address must start with `https://`"
        )));
    }
    let failed =
        |fault: tonic::transport::Error| Error::Transport(format!("cannot connect to `{url}`: {}", causes(&fault)));
    let mut endpoint = Endpoint::from_shared(url.clone())
        .map_err(failed)?
        .connect_timeout(options.connect_timeout)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20));
    if secure {
        endpoint = endpoint.tls_config(tls(options)?).map_err(failed)?;
    }
    endpoint.connect().await.map_err(failed)
}

fn tls(options: &RemoteOptions) -> Result<ClientTlsConfig, Error> {
    let mut tls = ClientTlsConfig::new();
    tls = match &options.ca {
        Some(ca) => tls.ca_certificate(Certificate::from_pem(read(ca)?)),
        None => tls.with_enabled_roots(),
    };
    match (&options.cert, &options.key) {
        (Some(cert), Some(key)) => tls = tls.identity(Identity::from_pem(read(cert)?, read(key)?)),
        (None, None) => {}
        _ => {
            return Err(Error::Transport(
                "a client certificate needs both `cert` and `key`".into(),
            ));
        }
    }
    if let Some(domain) = &options.domain {
        tls = tls.domain_name(domain.clone());
    }
    Ok(tls)
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|fault| Error::Transport(format!("cannot read `{}`: {fault}", file.display())))
}

/// An error with its causes: tonic's own text is only "transport error".
fn causes(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(fault) = cause {
        text = format!("{text}: {fault}");
        cause = fault.source();
    }
    text
}
