//! Lists the migrations, so that a new file in `migrations/` needs no second entry anywhere.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "a build script hears from cargo through the environment")]
fn main() {
    println!("cargo::rerun-if-changed=migrations");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("migrations");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder of migrations is part of the crate")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "sql"))
        .collect();
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let number: u32 = name[..4].parse().expect("a migration's name begins with four digits");
        let path = folder.join(&name);
        writeln!(
            list,
            "    Migration {{ number: {number}, name: {name:?}, text: include_str!({:?}) }},",
            path.display().to_string()
        )
        .expect("writing to a string");
    }
    list.push(']');
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("migrations.rs");
    fs::write(out, list).expect("the build folder can be written");
}
