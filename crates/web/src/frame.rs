//! What surrounds a page: look, seat, navigation. Handed to templates beside the page, so that no page carries it.

use std::any::Any;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use askama::Values;
use kehou_domain::access::Role;

use crate::key;
use crate::lang::Lang;
use crate::look::{Look, Size, Theme};
use crate::nav::{self, Section, Tab};

/// The surroundings of one page; cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Frame(Arc<Surroundings>, Arc<Keys>);

/// The keys of a page's forms: one fresh key and a number behind it, so that a list with a form in each row is not
/// made long by what no packing makes short.
#[derive(Debug, Default)]
struct Keys {
    first: OnceLock<String>,
    given: AtomicU32,
}

/// What a layout draws.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Language, theme and size.
    pub look: Look,
    /// The page's address, without what follows a question mark.
    pub path: String,
    /// Who acts, when someone is signed in.
    pub seat: Option<Seated>,
    /// Whether this is the demo, whose clock can be moved.
    pub demo: bool,
}

/// The seat as layouts name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// The school's name; a guardian with children in several schools sees none.
    pub school: String,
    /// The school's code in addresses.
    pub code: String,
    /// The role.
    pub role: Role,
    /// The account's name.
    pub name: String,
    /// Whether the account has another seat to switch to.
    pub may_switch: bool,
    /// Messages that were not read yet.
    pub unread: i64,
    /// The account: what was typed for one is not shown to another on the same device.
    pub who: String,
}

impl Seated {
    /// What the role is called, in Chinese.
    pub fn role_words(&self) -> &'static str {
        crate::identity::role(self.role)
    }
}

impl Frame {
    /// The surroundings of a page.
    pub fn new(surroundings: Surroundings) -> Frame {
        Frame(Arc::new(surroundings), Arc::default())
    }

    /// A key that no other form has, neither of this page nor of any other.
    pub fn key(&self) -> String {
        let first = self.1.first.get_or_init(key::fresh);
        match self.1.given.fetch_add(1, Ordering::Relaxed) {
            0 => first.clone(),
            number => format!("{first}{number}"),
        }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.0.look.lang
    }

    /// What stands in `<html lang>`.
    pub fn tag(&self) -> &'static str {
        self.0.look.lang.tag()
    }

    /// The word of the language that pages are not in.
    pub fn other_lang(&self) -> &'static str {
        if self.lang() == Lang::Zh { Lang::En.word() } else { Lang::Zh.word() }
    }

    /// What the other language calls itself.
    pub fn other_lang_name(&self) -> &'static str {
        if self.lang() == Lang::Zh { "English" } else { "中文" }
    }

    /// The theme that was chosen, or nothing when the device decides.
    pub fn theme(&self) -> Option<&'static str> {
        (self.0.look.theme != Theme::System).then(|| self.0.look.theme.word())
    }

    /// Whether the page is in 长辈版.
    pub fn elder(&self) -> bool {
        self.0.look.size == Size::Elder
    }

    /// The page's address.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The seat, when someone is signed in.
    pub fn seat(&self) -> Option<&Seated> {
        self.0.seat.as_ref()
    }

    /// Whether this is the demo.
    pub fn demo(&self) -> bool {
        self.0.demo
    }

    /// The side of the offices' pages.
    pub fn sections(&self) -> Vec<Section> {
        self.0.seat.as_ref().map(|seat| nav::sections(seat, &self.0.path)).unwrap_or_default()
    }

    /// The tabs at the bottom of phone pages.
    pub fn tabs(&self) -> Vec<Tab> {
        self.0.seat.as_ref().map(|seat| nav::tabs(seat, &self.0.path)).unwrap_or_default()
    }
}

impl Values for Frame {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "frame").then_some(self as &dyn Any)
    }
}
