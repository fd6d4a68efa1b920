//! Lists of words: an enum whose members are written in plan files and in the store.

/// An enum whose members have words in plan files.
pub trait Word: Copy + 'static {
    /// The words of all members.
    const LIST: &'static [&'static str];
    /// The member of this word.
    fn of_word(word: &str) -> Option<Self>;
}

/// Declares an enum together with the word of each member, all members, and the way back from a word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$member_doc])* $member,)+
        }

        impl $name {
            /// Every member, in the order of the list.
            pub const ALL: &'static [$name] = &[$($name::$member),+];
            /// The words of all members, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The member's word in plan files, in the store and in JSON.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$member => $word,)+
                }
            }

            /// The member of this word.
            pub fn parse(word: &str) -> Option<$name> {
                match word {
                    $($word => Some($name::$member),)+
                    _ => None,
                }
            }
        }

        impl $crate::plan::Word for $name {
            const LIST: &'static [&'static str] = $name::WORDS;
            fn of_word(word: &str) -> Option<$name> {
                $name::parse(word)
            }
        }
    };
}

pub(crate) use words;
