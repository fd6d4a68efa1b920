//! The 40-rule on the office's page (E3, E5): both countings of a day, and the temporary groups that follow.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use kehou_app::grouping::{self, Counting, MergeRefused, Merging};
use kehou_db::Failed;
use kehou_domain::access::{ArrangeGroups, ReadGroups};
use kehou_domain::grouping::class_name;
use kehou_domain::grouping::classes::Formation;
use kehou_domain::plan::SlotId;
use serde::Deserialize;

use super::words;
use crate::answer::see_other;
use crate::dates;
use crate::dismissal::words::comma;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::words::group;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "grouping/merging.html")]
struct MergingPage {
    school: String,
    day: Date,
    before: Date,
    after: Date,
    /// What the rule makes of the day; nothing where it says nothing.
    found: Option<Merging>,
    /// Why it says nothing.
    why: &'static str,
    lang: Lang,
    may_merge: bool,
    problems: Problems,
}

impl MergingPage {
    /// A formation group by group: who sits in it, and how many.
    fn groups(&self, formation: &Formation) -> Vec<(String, u32)> {
        let name = |part: &kehou_domain::grouping::classes::Part| {
            let class = group(self.lang, &class_name(part.class.grade, part.class.no));
            format!("{class} {}", part.children)
        };
        let names = |parts: &[kehou_domain::grouping::classes::Part]| {
            parts.iter().map(name).collect::<Vec<_>>().join(comma(self.lang))
        };
        formation.groups.iter().map(|group| (names(&group.parts), group.children())).collect()
    }
}

/// Which day and slot.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    on: Option<String>,
    slot: Option<String>,
}

/// Which counting is taken over.
#[derive(Debug, Deserialize)]
pub(super) struct MergeForm {
    on: String,
    slot: String,
    by: String,
}

pub(super) async fn show(seat: Seat, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let day = match &asked.on {
        Some(on) => {
            dates::typed(on).ok_or_else(|| Fault::malformed_in("{what} 要写成日期，例如 2026-11-24", "on"))?
        }
        None => seat.today().checked_add(1.day()).unwrap_or(seat.today()),
    };
    let page = page(&seat, (day, asked.slot.map(SlotId)), Problems::none()).await?;
    seat.page(&page)
}

async fn page(
    seat: &Seat,
    (day, slot): (Date, Option<SlotId>),
    problems: Problems,
) -> Result<MergingPage, Fault> {
    let found = seat
        .read::<ReadGroups, _>(move |tx| match grouping::merging(tx, day, slot.as_ref()) {
            Ok(found) => Ok(Ok(found)),
            Err(Failed::Refused(why)) => Ok(Err(why)),
            Err(Failed::Fault(fault)) => Err(fault),
        })
        .await?;
    let moved = |by: i64| day.checked_add(by.days()).unwrap_or(day);
    let why = found.as_ref().err().map(|why| words::no_merging(*why)).unwrap_or_default();
    Ok(MergingPage {
        school: seat.school().code.clone(),
        may_merge: seat.may::<ArrangeGroups>() && seat.today() < day,
        found: found.ok(),
        why,
        lang: seat.lang(),
        day,
        before: moved(-1),
        after: moved(1),
        problems,
    })
}

pub(super) async fn merge(seat: Seat, key: Key, Form(form): Form<MergeForm>) -> Result<Response, Fault> {
    let day = dates::typed(&form.on).ok_or(Fault::NotFound)?;
    let by = Counting::parse(&form.by).ok_or(Fault::NotFound)?;
    let (slot, lang) = (SlotId(form.slot.clone()), seat.lang());
    let merged = seat.write::<ArrangeGroups, usize, Refusal>(&key, move |tx| {
        grouping::merge(tx, (day, &slot), by).map_err(|why| why.map(|why| refused(lang, why)))
    });
    match merged.await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("groups/merging?on={day}&slot={}", form.slot)))),
        Err(refusal) => {
            let page = page(&seat, (day, Some(SlotId(form.slot))), refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

fn refused(lang: Lang, why: MergeRefused) -> Refusal {
    match why {
        MergeRefused::No(why) => Refusal::new("no_merging", lang.t(words::no_merging(why))),
        MergeRefused::TooLate => {
            Refusal::new("too_late", lang.t("这一天已经到了，点名照旧；请从以后的一天开始"))
        }
    }
}
