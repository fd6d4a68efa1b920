//! The front end, built by the build script and carried inside the binary.
//!
//! Files are named by their content: a browser keeps them for a year, and a new build has new names.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

/// The folder of built files.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/front-end/files"]
struct Files;

/// A file as it is sent.
#[derive(Debug)]
pub struct File {
    /// The content.
    pub body: Cow<'static, [u8]>,
    /// Its media type.
    pub media_type: &'static str,
}

/// Plain names and addresses, such as `base.js` and `/assets/base-0a1b2c3d4e5f.js`.
static ADDRESSES: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    let lines = include_str!(concat!(env!("OUT_DIR"), "/front-end/manifest.txt")).lines();
    let pairs = lines.filter_map(|line| line.split_once(' '));
    pairs.map(|(plain, named)| (plain, format!("/assets/{named}"))).collect()
});

/// Icon names and their symbols.
static SYMBOLS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!(concat!(env!("OUT_DIR"), "/front-end/icons.svg")).lines();
    lines.filter_map(|line| Some((line.split_once("id=\"i-")?.1.split_once('"')?.0, line))).collect()
});

/// The built file of this name (with its hash), or nothing.
pub fn file(named: &str) -> Option<File> {
    let body = Files::get(named)?.data;
    Some(File { body, media_type: media_type(named) })
}

/// Where pages find the file of this plain name, such as `base.css` or, for an island, `roll-call.js`.
pub fn address(plain: &str) -> Option<&'static str> {
    ADDRESSES.get(plain).map(String::as_str)
}

/// The symbol of an icon, or nothing when `icons.txt` does not name it.
pub fn symbol(icon: &str) -> Option<&'static str> {
    SYMBOLS.get(icon).copied()
}

/// Every file's plain name.
pub fn names() -> impl Iterator<Item = &'static str> {
    ADDRESSES.keys().copied()
}

fn media_type(named: &str) -> &'static str {
    match named.rsplit_once('.').map(|(_, end)| end) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_a_file() {
        for plain in names() {
            let named = address(plain).unwrap().strip_prefix("/assets/").unwrap();
            assert!(file(named).is_some(), "{plain}");
        }
        assert!(address("base.js").is_some() && address("base.css").is_some());
    }

    #[test]
    fn an_icon_carries_our_name_and_a_drawing() {
        assert!(symbol("bell").unwrap().starts_with("<symbol id=\"i-bell\" viewBox=\"0 0 24 24\"><path"));
        assert_eq!(symbol("no-such-icon"), None);
    }
}
