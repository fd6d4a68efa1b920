//! Files that commands write: whether they can be written is known before the work begins.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use kehou_web::lang::Lang;
use serde_json::json;

use crate::answer::Failure;

/// Whether the file can be written; nothing of it changes, and none is left where there was none.
pub(crate) fn writable(lang: Lang, path: &Path) -> Result<(), Failure> {
    let was_there = path.exists();
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .and_then(|_| if was_there { Ok(()) } else { std::fs::remove_file(path) })
        .map_err(|why| unwritable(lang, path, &why))
}

/// The file, empty.
pub(crate) fn create(lang: Lang, path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|why| unwritable(lang, path, &why))
}

/// Two names of files must not mean one file.
pub(crate) fn apart(
    lang: Lang,
    (option, one): (&str, &Path),
    (other, two): (&str, &Path),
) -> Result<(), Failure> {
    if place(one) != place(two) {
        return Ok(());
    }
    let path = one.display();
    let message = match lang {
        Lang::Zh => format!("{option} 和 {other} 写的是同一个文件 {path}；请各写一个"),
        Lang::En => format!("{option} and {other} name the same file {path}; give each its own"),
    };
    Err(Failure::misuse("same_file", message).and("file", json!(path.to_string())))
}

/// Where a file lies, however it is named, also before it is there.
fn place(path: &Path) -> PathBuf {
    let whole = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(whole).unwrap_or_else(|| path.to_owned())
}

/// Why a file or a folder cannot be written.
#[expect(clippy::wildcard_enum_match_arm, reason = "systems have more reasons than people can act on")]
pub(crate) fn unwritable(lang: Lang, path: &Path, why: &Error) -> Failure {
    let (chinese, english) = match why.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => (
            "没有它所在的文件夹；请先建好，或换一个地方",
            "its folder is not there; make it first, or name another place",
        ),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => (
            "没有写这个文件的权限；请换一个地方，或改权限",
            "it may not be written; name another place, or change the rights",
        ),
        ErrorKind::IsADirectory => ("这是文件夹；请写明里面的哪个文件", "it is a folder; name a file in it"),
        _ => (
            "这个文件写不了；请核对它所在的磁盘，或换一个地方",
            "it cannot be written; look at its disk, or name another place",
        ),
    };
    let path = path.display().to_string();
    let message = match lang {
        Lang::Zh => format!("{path}：{chinese}"),
        Lang::En => format!("{path}: {english}"),
    };
    Failure::misuse("unwritable", message).and("file", json!(path))
}
