//! Enrolment: letters, survey, application, chain, agreement, consent, place, and leaving.
//!
//! Owns the tables of migration 6. It forms no groups, knows no capacity and charges nothing.

mod agreement;
mod apply;
mod attends;
mod clauses;
mod consent;
mod corrections;
pub mod defaults;
mod exceptions;
mod family;
mod filing;
mod leavers;
mod leaving;
mod letters;
mod objection;
mod paper;
mod places;
mod publication;
mod review;
mod rows;
mod setting;
mod sheet;
mod signup;
mod standing;
mod takeout;
mod takeover;
mod term_end;

pub use agreement::{
    CannotSign, Copy, Mine, Read, Signing, ToSign, copies, own_copies, papers_to_sign, sign,
};
pub use apply::{Application, ChildWish, NoApplication, Source, apply};
pub use attends::FallsAway;
pub use clauses::{
    ClauseSet, ClauseSetStatus, SetOnList, clause_set, clause_sets, save_clauses, use_clauses,
};
pub use consent::{
    Consents, PrivacyDraft, PrivacyNotice, answer_purposes, consents, privacy_notice, publish_privacy_notice,
};
pub(crate) use consent::{answer_for, can_answer};
pub use corrections::{
    CannotAsk, Correction, CorrectionStatus, answer_correction, ask_for_correction, corrections,
};
pub use exceptions::{Exception, exceptions};
pub(crate) use family::waits_for_signature;
pub use family::{Answered, Letterhead, Service, StepView, View, children, service};
pub use filing::{
    Filing, FilingLine, file_list, filing, filings, filings_received, receive_filing, received,
};
pub(crate) use leavers::follow_roll;
pub use leaving::{end_service, leave};
pub(crate) use leaving::{leave_for, may_leave};
pub use letters::{
    CannotPublish, Draft, FamilyLetter, Letter, LetterKind, LetterOnList, LetterStatus, family_letter,
    letter, letters, publish_letter, say_read, write_letter,
};
pub use objection::{
    ClassNames, NewObjection, Objection, answer_objection, class_names, note_objection, object_to_name,
};
pub use paper::{
    CannotEnter, NewPaper, PaperChild, PaperOnList, PaperStatus, child_to_enter, children_named, enter_paper,
    papers, settle_paper,
};
pub(crate) use places::place_holders;
pub use places::{Place, PlaceOnList, places};
pub use publication::{
    ClassToPublish, Publication, Shown, close_publications, publication, publications, publish_class,
};
pub use review::{Decided, NotDecided, Part, Pile, PileItem, StepCount, application_card, decide, pile};
pub use setting::{InClass, Offered};
pub use sheet::filing_workbook;
pub use signup::{
    CannotAnswer, CannotOpen, Intention, SignUp, SignUpDraft, SurveyLine, TermChoice, Wish, answer_survey,
    current_sign_up, open_sign_up, survey, terms_to_open,
};
pub(crate) use standing::standing;
pub use takeout::takeout;
pub use takeover::{CannotTakeOver, TakenOver, ToTakeOver, form_of_take_over, take_over, to_take_over};
pub use term_end::{end_term, holders_in_term};
