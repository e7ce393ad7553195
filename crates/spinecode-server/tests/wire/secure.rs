//! TLS, and mutual TLS.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use spinecode_engine::{Engine, Options};
use spinecode_server::{RemoteEngine, RemoteOptions, ServerConfig, ServerTls};

use crate::fake::{Fake, case};
use crate::running::Running;

/// An authority with a certificate for a server and one for a client, as files.
struct Papers(tempfile::TempDir);

impl Papers {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut authority = CertificateParams::new([]).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        for (who, names) in [
            ("server", vec!["localhost".to_owned(), "127.0.0.1".to_owned()]),
            ("client", vec!["client".to_owned()]),
        ] {
            let key = KeyPair::generate().unwrap();
            let certificate = CertificateParams::new(names)
                .unwrap()
                .signed_by(&key, &authority)
                .unwrap();
            fs::write(folder.path().join(format!("{who}.pem")), certificate.pem()).unwrap();
            fs::write(folder.path().join(format!("{who}.key")), key.serialize_pem()).unwrap();
        }
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn server(&self, client_ca: Option<&Path>) -> Running {
        Running::start(ServerConfig {
            tls: Some(ServerTls {
                cert: self.file("server.pem"),
                key: self.file("server.key"),
                client_ca: client_ca.map(Path::to_owned),
            }),
            ..ServerConfig::default()
        })
    }

    fn trusting(&self) -> RemoteOptions {
        RemoteOptions {
            ca: Some(self.file("ca.pem")),
            ..RemoteOptions::default()
        }
    }

    fn identified(&self, by: &Papers) -> RemoteOptions {
        RemoteOptions {
            cert: Some(by.file("client.pem")),
            key: Some(by.file("client.key")),
            ..self.trusting()
        }
    }
}

fn answers(remote: &RemoteEngine) -> bool {
    let case = case("one", "facet_injection");
    remote.code(&case, &Options::default()) == Fake.code(&case, &Options::default())
}

/// A server that wants another certificate may say so only after the handshake.
fn is_refused(url: &str, options: &RemoteOptions) -> bool {
    match RemoteEngine::connect_with(url, options) {
        Ok(remote) => remote.info().is_err_and(|error| error.class() == "transport"),
        Err(error) => error.class() == "transport",
    }
}

#[test]
fn tls_answers_those_who_trust_its_authority() {
    let papers = Papers::new();
    let server = papers.server(None);
    assert!(server.url.starts_with("https://"));
    assert!(answers(
        &RemoteEngine::connect_with(&server.url, &papers.trusting()).unwrap()
    ));

    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let by_name = RemoteOptions {
        domain: Some("localhost".into()),
        ..papers.trusting()
    };
    assert!(answers(
        &RemoteEngine::connect_with(&format!("https://127.0.0.1:{port}"), &by_name).unwrap()
    ));
    let other_name = RemoteOptions {
        domain: Some("example.org".into()),
        ..papers.trusting()
    };
    assert!(is_refused(&server.url, &other_name));
    assert!(is_refused(&server.url, &Papers::new().trusting()));
    assert!(is_refused(&server.url, &RemoteOptions::default()));
    assert!(is_refused(
        &server.url.replace("https", "http"),
        &RemoteOptions::default()
    ));
    assert!(is_refused(&server.url.replace("https", "http"), &papers.trusting()));
}

#[test]
fn mutual_tls_answers_only_those_whose_authority_it_knows() {
    let papers = Papers::new();
    let strangers = Papers::new();
    let server = papers.server(Some(&papers.file("ca.pem")));
    assert!(answers(
        &RemoteEngine::connect_with(&server.url, &papers.identified(&papers)).unwrap()
    ));
    assert!(is_refused(&server.url, &papers.trusting()));
    assert!(is_refused(&server.url, &papers.identified(&strangers)));
    let half = RemoteOptions {
        key: None,
        ..papers.identified(&papers)
    };
    assert!(is_refused(&server.url, &half));
}

#[test]
fn a_missing_certificate_file_is_named() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ServerConfig {
        tls: Some(ServerTls {
            cert: "/nowhere/server.pem".into(),
            key: "/nowhere/server.key".into(),
            client_ca: None,
        }),
        ..ServerConfig::default()
    };
    let error = runtime
        .block_on(spinecode_server::bind(config, std::sync::Arc::new(Fake)))
        .err()
        .unwrap();
    assert!(error.to_string().contains("/nowhere/server.pem"), "{error}");
}
