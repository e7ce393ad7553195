//! `spinecode serve` and `--remote`: the same bytes as in process, over plain text and mutual TLS.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail by panic, as its body does")]

mod running;

use std::path::{Path, PathBuf};

use running::{Server, say};

fn scenarios() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    std::fs::read_to_string(root.join("tests/demo/scenarios.jsonl")).unwrap()
}

#[test]
fn remote_answers_are_the_same_bytes_with_errors_in_their_place() {
    let server = Server::start(&["--deadline", "20", "--drain", "5", "--concurrency", "8"]);
    let url = format!("http://{}", server.address);
    let input = format!(
        "{}nothing\n{{\"date_of_service\":\"2024-13-01\",\"procedures\":[]}}\n",
        scenarios()
    );
    for extra in [
        &[][..],
        &["--on", "2026-05-15", "--payer", "medicare"],
        &["--trace", "full", "--format", "text"],
    ] {
        let here = say(&[&["code"], extra].concat(), &input);
        let there = say(&[&["code", "--remote", &url], extra].concat(), &input);
        assert_eq!((here.code, there.code), (2, 2));
        assert_eq!(here.out, there.out);
        assert_eq!(here.err, there.err);
    }
    for ask in [&["rule", "FJI-001"][..], &["schema", "case"], &["schema", "answer"]] {
        let there = say(&[ask, &["--remote", &url]].concat(), "");
        assert_eq!((there.code, there.out), (0, say(ask, "").out));
    }
    assert_eq!(server.stop("-TERM"), (Some(0), String::new()));
    let gone = say(&["code", "--remote", &url], &scenarios());
    assert_eq!(gone.code, 2, "{}", gone.err);
}

#[test]
fn an_interrupt_stops_it_too() {
    assert_eq!(Server::start(&[]).stop("-INT"), (Some(0), String::new()));
}

#[test]
fn an_address_in_use_is_told() {
    let server = Server::start(&[]);
    let said = say(&["serve", "--listen", &server.address], "");
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.starts_with("error: cannot serve: "), "{}", said.err);
}

/// Certificates of one authority: the server's and a client's.
struct Papers {
    folder: tempfile::TempDir,
}

impl Papers {
    fn made() -> Self {
        use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        write("ca.pem", authority.pem());
        for (name, host) in [("server", "spine.example"), ("client", "client.example")] {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
            write(
                &format!("{name}.pem"),
                params.signed_by(&key, &authority).unwrap().pem(),
            );
            write(&format!("{name}.key"), key.serialize_pem());
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_string_lossy().into_owned()
    }
}

#[test]
fn mutual_tls_is_set_up_from_files() {
    let papers = Papers::made();
    let [ca, cert, key, my_cert, my_key] =
        ["ca.pem", "server.pem", "server.key", "client.pem", "client.key"].map(|name| papers.path(name));
    let server = Server::start(&["--tls-cert", &cert, "--tls-key", &key, "--client-ca", &ca]);
    let url = format!("https://{}", server.address);
    let known = [
        "rule",
        "FJI-001",
        "--remote",
        &url,
        "--tls-domain",
        "spine.example",
        "--tls-ca",
        &ca,
    ];
    let welcome = say(
        &[&known[..], &["--tls-cert", &my_cert, "--tls-key", &my_key]].concat(),
        "",
    );
    assert_eq!(welcome.code, 0, "{}", welcome.err);
    let stranger = say(&known, "");
    assert_eq!((stranger.code, stranger.out.as_str()), (2, ""));
}
