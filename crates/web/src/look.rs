//! How pages look to one person: language, theme and 长辈版, kept with the account and, before sign-in, in a cookie.

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderName};
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;

use crate::lang::Lang;

/// The cookie that keeps the look on this device; it says nothing about who.
pub const COOKIE: &str = "look";

/// Light, dark, or as the device has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The word in the store, in the form and in the cookie.
    pub const fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of this word.
    pub fn parse(word: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.word() == word)
    }
}

/// Whether pages are in 长辈版: larger, one column, only what matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// As designed.
    #[default]
    Normal,
    /// 长辈版.
    Elder,
}

/// Language, theme and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// The language.
    pub lang: Lang,
    /// The theme.
    pub theme: Theme,
    /// The size.
    pub size: Size,
}

impl Look {
    /// What the cookie holds: three words with dots.
    pub fn written(self) -> String {
        let size = if self.size == Size::Elder { "elder" } else { "normal" };
        format!("{}.{}.{size}", self.lang.word(), self.theme.word())
    }

    fn parse(written: &str) -> Option<Look> {
        let mut words = written.split('.');
        let lang = Lang::parse(words.next()?)?;
        let theme = Theme::parse(words.next()?)?;
        let size = if words.next()? == "elder" { Size::Elder } else { Size::Normal };
        Some(Look { lang, theme, size })
    }

    /// The look that a request asks for: its cookie, or the browser's language.
    pub fn of(parts: &Parts) -> Look {
        let jar = CookieJar::from_headers(&parts.headers);
        let kept = jar.get(COOKIE).and_then(|cookie| Look::parse(cookie.value()));
        kept.unwrap_or_else(|| Look {
            lang: Lang::accepted(text(parts, &ACCEPT_LANGUAGE)),
            ..Look::default()
        })
    }
}

/// Whether a program asks: under `/api`, or for JSON.
pub(crate) fn is_program(parts: &Parts) -> bool {
    parts.uri.path().starts_with("/api/") || text(parts, &ACCEPT).starts_with("application/json")
}

/// The language that a program asks for by `Accept-Language`; nothing leaves it to the account. People choose theirs on
/// the page.
pub(crate) fn wanted(parts: &Parts) -> Option<Lang> {
    if is_program(parts) { Lang::asked(text(parts, &ACCEPT_LANGUAGE)) } else { None }
}

/// A header's text, empty when there is none.
pub(crate) fn text<'a>(parts: &'a Parts, name: &HeaderName) -> &'a str {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Look, Self::Rejection> {
        Ok(Look::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_reads_back_as_written() {
        for lang in Lang::ALL {
            for theme in Theme::ALL {
                for size in [Size::Normal, Size::Elder] {
                    let look = Look { lang, theme, size };
                    assert_eq!(Look::parse(&look.written()), Some(look));
                }
            }
        }
        assert_eq!(Look::parse("zh.blue.normal"), None);
    }
}
