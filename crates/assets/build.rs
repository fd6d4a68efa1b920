//! Builds the front end: packages by the lock file, scripts and styles by esbuild, icons from lucide.
//!
//! `KEHOU_ASSETS_DIR` names a folder that an earlier build made; then neither Node nor a network is needed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use sha2::{Digest, Sha256};

/// The oldest browsers that families still hold.
const TARGET: &str = "--target=chrome86,safari15.4";

fn main() {
    for watched in ["build.rs", "css", "ts", "icons.txt", "package.json", "package-lock.json"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    println!("cargo::rerun-if-env-changed=KEHOU_ASSETS_DIR");
    let made = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("front-end");
    let built = match env::var_os("KEHOU_ASSETS_DIR") {
        Some(given) => copy_built(Path::new(&given), &made),
        None => build(&made),
    };
    if let Err(why) = built {
        panic!("the front end could not be built: {why}");
    }
}

/// Takes over a folder that an earlier build made.
fn copy_built(given: &Path, made: &Path) -> io::Result<()> {
    fresh(&made.join("files"))?;
    for list in ["manifest.txt", "icons.svg"] {
        fs::copy(given.join(list), made.join(list))?;
    }
    for file in files_in(&given.join("files"))? {
        fs::copy(&file, made.join("files").join(file.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn build(made: &Path) -> io::Result<()> {
    let shop = shop()?;
    let _held = lock(&shop)?;
    install(&shop)?;
    fresh(&made.join("files"))?;
    fresh(&made.join("plain"))?;
    bundle(&shop, &made.join("plain"))?;
    fs::write(made.join("plain/third-party.txt"), licences(&shop)?)?;
    fs::write(made.join("icons.svg"), icons(&shop)?)?;
    fs::write(made.join("manifest.txt"), name_by_content(made)?)
}

/// One folder under `target/` for the packages of every profile.
fn shop() -> io::Result<PathBuf> {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let target = out.ancestors().filter(|folder| folder.join("CACHEDIR.TAG").exists()).last();
    let shop = target.unwrap_or(&out).join("front-end");
    fs::create_dir_all(&shop)?;
    Ok(shop)
}

/// Two profiles may build at once: the second waits.
fn lock(shop: &Path) -> io::Result<fs::File> {
    let held = fs::File::create(shop.join("lock"))?;
    held.lock()?;
    Ok(held)
}

/// `npm ci`, but only when the lock file is another than last time.
fn install(shop: &Path) -> io::Result<()> {
    let wanted = fs::read("package-lock.json")?;
    if fs::read(shop.join("installed")).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    fs::copy("package.json", shop.join("package.json"))?;
    fs::copy("package-lock.json", shop.join("package-lock.json"))?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new(npm).args(words).current_dir(shop))?;
    fs::write(shop.join("installed"), wanted)
}

fn bundle(shop: &Path, plain: &Path) -> io::Result<()> {
    let mut islands = files_in(Path::new("ts/islands"))?;
    islands.retain(|file| file.extension().is_some_and(|end| end == "ts"));
    let esbuild = shop.join("node_modules/esbuild/bin/esbuild");
    let mut command = Command::new("node");
    command.arg(esbuild).args(["--bundle", "--minify", "--format=esm", "--legal-comments=none", TARGET]);
    command.args(["--entry-names=[name]", "--log-level=warning", "ts/base.ts", "css/base.css"]).args(islands);
    command.arg(format!("--outdir={}", plain.display())).env("NODE_PATH", shop.join("node_modules"));
    run(&mut command)
}

/// Names each file by its content, so that browsers may keep it for a year, and lists `plain name` → `file name`.
fn name_by_content(made: &Path) -> io::Result<String> {
    let mut manifest = BTreeMap::new();
    for file in files_in(&made.join("plain"))? {
        let content = fs::read(&file)?;
        let hash = Sha256::digest(&content)
            .iter()
            .take(6)
            .fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
        let plain = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (stem, end) = plain.rsplit_once('.').unwrap_or((&plain, ""));
        let named = format!("{stem}-{hash}.{end}");
        fs::write(made.join("files").join(&named), content)?;
        manifest.insert(plain, named);
    }
    Ok(manifest.into_iter().flat_map(|(plain, named)| [plain, " ".into(), named, "\n".into()]).collect())
}

/// One line for each icon: a symbol with our name and lucide's drawing.
fn icons(shop: &Path) -> io::Result<String> {
    let mut sprite = String::new();
    for line in fs::read_to_string("icons.txt")?.lines().filter(|line| !line.starts_with('#')) {
        let Some((ours, theirs)) = line.split_once(' ') else { continue };
        let file = shop.join("node_modules/lucide-static/icons").join(format!("{theirs}.svg"));
        let drawing = fs::read_to_string(&file).map_err(|_| io::Error::other(format!("no icon {theirs}")))?;
        let body = drawing.split_once("<svg").and_then(|(_, rest)| rest.split_once('>'));
        let body = body.and_then(|(_, rest)| rest.split_once("</svg>")).map_or("", |(body, _)| body);
        let body: Vec<&str> = body.lines().map(str::trim).collect();
        let body = body.concat().replace(" />", "/>");
        sprite.extend(["<symbol id=\"i-", ours, "\" viewBox=\"0 0 24 24\">", &body, "</symbol>\n"]);
    }
    Ok(sprite)
}

/// The licences of what is in the bundle, to be handed out with it.
fn licences(shop: &Path) -> io::Result<String> {
    let mut text = String::new();
    for package in ["htmx.org", "idiomorph", "idb", "signature_pad", "lucide-static"] {
        let folder = shop.join("node_modules").join(package);
        for file in files_in(&folder)? {
            if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("LICENSE")) {
                text.extend([package, "\n\n", fs::read_to_string(&file)?.trim(), "\n\n"]);
            }
        }
    }
    Ok(text)
}

fn run(command: &mut Command) -> io::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(io::Error::other(format!("{program} ended with {status}"))),
        Err(why) => Err(io::Error::other(format!("{program} could not start ({why}); Node 20 is needed"))),
    }
}

fn fresh(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)
}

/// The files of a folder in order of name; none when there is no such folder.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|found| found.path())).collect::<io::Result<_>>()?;
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}
