//! What departs from the usual way, for the principal to look at (R1, B2, B6). A list, never an accusation.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Tx};
use kehou_domain::access::ReadExceptions;
use kehou_domain::enrolment::chain::{Status, due_on};
use kehou_domain::enrolment::review::Ground;
use kehou_domain::ids::ApplicationId;

use super::apply::Source;
use super::paper::PaperStatus;
use super::review::Part;
use super::rows::{applications, papers, places, privacy, signups};
use super::setting::InClass;
use super::signup::current;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exception {
    /// A step is late.
    Overdue {
        /// The application.
        id: ApplicationId,
        /// The child's name.
        name: String,
        /// The child's class.
        class: Option<InClass>,
        /// The last day on which it would have been in time.
        due_on: Date,
    },
    /// A child was turned away (B2).
    Refused {
        /// The application.
        id: ApplicationId,
        /// The child's name.
        name: String,
        /// Why.
        ground: Option<Ground>,
    },
    /// A paper waits for a second person.
    PaperWaits {
        /// The child's name.
        name: String,
        /// Since when.
        entered_at: Timestamp,
    },
    /// A child was signed up on paper.
    OnPaper {
        /// The application.
        id: ApplicationId,
        /// The child's name.
        name: String,
    },
    /// A family left.
    Left {
        /// The child's name.
        name: String,
        /// The last day.
        last_day: Date,
        /// In the family's words, or empty.
        reason: String,
    },
    /// The school ended a place.
    EndedBySchool {
        /// The child's name.
        name: String,
        /// The last day.
        last_day: Date,
        /// In the school's words.
        reason: String,
    },
    /// Every child of a class applied and no family said no: ask whether everybody was free to (R1).
    WholeClass {
        /// The class.
        class: InClass,
        /// How many children.
        children: u32,
    },
    /// Places that stand on papers from before the school began to use Kehou (R1).
    TakenOver {
        /// How many children.
        children: u32,
    },
    /// A request for correction waits.
    CorrectionWaits {
        /// The child's name.
        name: String,
        /// Since when.
        asked_at: Timestamp,
    },
}

/// Everything of the term that departs from the usual way, what somebody must act on first.
pub fn exceptions(tx: &mut Tx<ReadExceptions>) -> db::Result<Vec<Exception>> {
    let Some(sign_up) = current(tx)? else { return Ok(Vec::new()) };
    let today = tx.today();
    let listed = applications::of_term(tx, sign_up.term, Part::All)?;
    let mut found = Vec::new();
    for one in &listed {
        let due = due_on(one.application.step_since, sign_up.review_days);
        if one.application.status == Status::Waiting && due < today {
            let (id, name) = (one.application.id, one.name.clone());
            found.push(Exception::Overdue { id, name, class: one.class, due_on: due });
        }
    }
    let waiting = papers::papers(tx, sign_up.term)?.into_iter();
    found.extend(
        waiting
            .filter(|paper| paper.status == PaperStatus::Entered)
            .map(|paper| Exception::PaperWaits { name: paper.name, entered_at: paper.entered_at }),
    );
    for request in privacy::corrections(tx, None)? {
        if request.status == super::corrections::CorrectionStatus::Open {
            found.push(Exception::CorrectionWaits { name: request.student_name, asked_at: request.asked_at });
        }
    }
    whole_classes(tx, &sign_up, &listed, &mut found)?;
    settled(tx, &listed, &mut found)?;
    match places::taken_over(tx, sign_up.term)? {
        0 => {}
        children => found.push(Exception::TakenOver { children }),
    }
    for end in places::ends(tx, sign_up.term)? {
        let (name, last_day, reason) = (end.name, end.last_day, end.reason);
        found.push(match end.side.as_str() {
            "school" => Exception::EndedBySchool { name, last_day, reason },
            _ => Exception::Left { name, last_day, reason },
        });
    }
    Ok(found)
}

fn settled(
    tx: &mut Tx<ReadExceptions>,
    listed: &[applications::Listed],
    found: &mut Vec<Exception>,
) -> db::Result<()> {
    for one in listed {
        let (id, name) = (one.application.id, one.name.clone());
        if one.application.status == Status::Refused {
            let made = applications::decisions(tx, id)?;
            let ground = made.last().and_then(|decision| decision.ground.clone());
            found.push(Exception::Refused { id, name, ground });
        } else if one.application.source == Source::Paper {
            found.push(Exception::OnPaper { id, name });
        }
    }
    Ok(())
}

/// Classes of ten and more where everybody applied and nobody said no (R1).
fn whole_classes(
    tx: &mut Tx<ReadExceptions>,
    sign_up: &super::signup::SignUp,
    listed: &[applications::Listed],
    found: &mut Vec<Exception>,
) -> db::Result<()> {
    for line in signups::survey(tx, sign_up)? {
        let in_class = |one: &&applications::Listed| {
            one.class.is_some_and(|class| class.id == line.class.id)
                && matches!(one.application.status, Status::Waiting | Status::Enrolled)
        };
        let applied = u32::try_from(listed.iter().filter(in_class).count()).unwrap_or(u32::MAX);
        if 10 <= line.children && applied == line.children && line.no == 0 {
            found.push(Exception::WholeClass { class: line.class, children: line.children });
        }
    }
    Ok(())
}
