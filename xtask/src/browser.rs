//! The browser tests: Node drives the system's Chromium through the built program.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::count::Count;
use crate::machine;
use crate::root::{cargo, root, target};

/// Checks the types of the front end's scripts; the bundler drops them without looking.
pub(crate) fn types() -> Result<Count> {
    let compiler = packages()?.join("typescript/bin/tsc");
    let front_end = target().join("front-end/node_modules");
    let settings = serde_json::json!({
        "compilerOptions": {
            "strict": true, "noEmit": true, "skipLibCheck": true, "types": [],
            "target": "es2020", "lib": ["es2020", "dom", "dom.iterable"],
            "module": "esnext", "moduleResolution": "bundler", "allowImportingTsExtensions": true,
            "paths": { "*": [front_end.join("*")] },
        },
        "include": [root().join("crates/assets/ts/**/*.ts")],
    });
    let file = target().join("browser/tsconfig.json");
    std::fs::write(&file, settings.to_string())?;
    let done = Command::new("node").arg(compiler).arg("--project").arg(&file).status()?;
    Ok(Count::one(done.success()))
}

/// Builds the program, brings the locked npm packages and runs the tests, all or the named ones.
pub(crate) fn run(names: &[String]) -> Result<Count> {
    let chromium = machine::chromium()?;
    let program = build()?;
    let packages = packages()?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=1"]).args(files(names)?);
    node.current_dir(root())
        .env("KEHOU_BIN", program)
        .env("KEHOU_CHROMIUM", chromium)
        .env("KEHOU_NODE_MODULES", packages)
        .env("KEHOU_SCREENS", root().join("docs/screens"));
    Count::of(&mut node)
}

/// The program as the other tests built it, so that nothing is compiled twice.
fn build() -> Result<PathBuf> {
    if !cargo(&["build", "--quiet", "--workspace", "--bins"]).status()?.success() {
        bail!("the program does not build");
    }
    Ok(target().join("debug/kehou"))
}

/// Installs what `browser/package-lock.json` names into the target folder, when that has changed.
fn packages() -> Result<PathBuf> {
    let folder = target().join("browser");
    std::fs::create_dir_all(&folder)?;
    let lock = std::fs::read(root().join("browser/package-lock.json"))?;
    let stamp = folder.join("installed-lock.json");
    if std::fs::read(&stamp).ok().as_ref() != Some(&lock) {
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(root().join("browser").join(file), folder.join(file))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder);
        if !npm.status().context("npm was not found; install Node 20 or newer")?.success() {
            bail!("npm ci failed in {}", folder.display());
        }
        std::fs::write(&stamp, &lock)?;
    }
    Ok(folder.join("node_modules"))
}

fn files(names: &[String]) -> Result<Vec<PathBuf>> {
    let folder = root().join("browser/tests");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.to_string_lossy().ends_with(".test.mjs"))
        .filter(|file| {
            names.is_empty() || names.iter().any(|name| file.to_string_lossy().contains(name.as_str()))
        })
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("no browser test has that name; see {}", folder.display());
    }
    Ok(files)
}
