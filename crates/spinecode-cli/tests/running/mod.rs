//! Runs the command line, and a server of it that stops with its test.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail by panic, as its body does")]
#![allow(dead_code, reason = "each test file uses its part of this")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn say(args: &[&str], input: &str) -> Said {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_spinecode"))
        .args(args)
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .write_stdin(input)
        .output()
        .unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    out: BufReader<std::process::ChildStdout>,
}

impl Server {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spinecode"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on ").unwrap().trim_end().to_owned();
        Self { child, address, out }
    }

    /// Stops it as an operator does; its exit code, and what else it wrote to standard output.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (code, rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Stopped already where the test came to its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
