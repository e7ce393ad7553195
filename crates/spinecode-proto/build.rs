//! Generates the wire types from `proto/`, without `protoc`.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use prost::Message;

/// One file a service; what they import follows.
const FILES: &[&str] = &[
    "spinecode/v1/coding_service.proto",
    "spinecode/v1/drawing_service.proto",
    "spinecode/v1/edit_service.proto",
    "spinecode/v1/info_service.proto",
    "spinecode/v1/lookup_service.proto",
    "spinecode/v1/error_reason.proto",
    "spinecode/v1/explain_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    // A symlink to the top-level folder: a package made of this crate alone holds the files too.
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=build.rs");
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(FILES)?;
    let descriptors = compiler.file_descriptor_set();

    // Reflection needs no comments.
    let mut bare = descriptors.clone();
    for file in &mut bare.file {
        file.source_code_info = None;
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("spinecode_descriptor.bin"), bare.encode_to_vec())?;

    tonic_prost_build::configure()
        // Sorted maps, so that equal messages are equal bytes.
        .btree_map(".")
        .build_transport(false)
        .extern_path(".spinecode.v1.CodeCaseResponse", "crate::v1::CodeCaseResponse")
        .compile_fds(descriptors)?;
    Ok(())
}
