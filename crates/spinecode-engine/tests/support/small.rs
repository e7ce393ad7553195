//! The release `small`, built of the files of `tests/fixtures/cms`.

use std::path::Path;

use spinecode_engine::release::{Input, Options, Release, build};

/// Its bytes.
pub(crate) fn small_bytes() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/cms");
    let files = std::fs::read_dir(folder).expect("the folder of fixtures").flatten();
    let inputs: Vec<Input> = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "md"))
        .map(Input::file)
        .collect();
    let built = build(&inputs, None, &Options::default()).expect("sound fixtures");
    built.bytes().to_vec()
}

/// The release, open.
pub(crate) fn small() -> Release {
    Release::from_bytes(small_bytes()).expect("a sound release")
}
