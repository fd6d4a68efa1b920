//! The family on the phone: ranking wishes tap by tap, taking seats, and reading why each wish ended as it did.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::allocation::round::{self, ChildRound, ChildRounds};
use kehou_db::{Error, Failed, Scope};
use kehou_domain::access::{ChooseOfferings, ReadOwnChoices};
use kehou_domain::allocation::round::{Stage, Way};
use kehou_domain::ids::{RoundId, StudentId};

use super::choices::{Around, ChoicesPage, Meant, OfDay, Tap};
use super::{id, said};
use crate::answer::see_other;
use crate::dates;
use crate::enrolment::{Chip, chips};
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};

/// A round on the family's list.
struct RoundRow {
    id: RoundId,
    name: String,
    stage: (&'static str, &'static str, &'static str),
    when: String,
    counts: String,
}

#[derive(Template)]
#[template(path = "allocation/rounds_family.html")]
struct RoundsPage {
    chips: Vec<Chip>,
    student: StudentId,
    name: String,
    rounds: Vec<RoundRow>,
}

/// The child's school, name and rounds; somebody else's child is not there.
pub(super) async fn own(family: &Family, student: StudentId) -> Result<(Scope, ChildRounds), Fault> {
    for scope in family.scopes() {
        match scope.read::<ReadOwnChoices, _>(move |tx| round::for_child(tx, student)).await {
            Ok(found) => return Ok((scope.clone(), found)),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Fault::NotFound)
}

pub(super) async fn index(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let (_, found) = own(&family, student).await?;
    let chips = chips(&family, "choices", student).await?;
    let lang = family.lang();
    let rounds = found.rounds.iter().map(|one| row(lang, one)).collect();
    family.page(&RoundsPage { chips, student, name: found.name, rounds })
}

fn row(lang: Lang, one: &ChildRound) -> RoundRow {
    let wishes = one.list.as_ref().map_or(0, kehou_domain::allocation::round::WishList::count);
    let count = |text: &str, n: usize| lang.fill(text, &[("n", &n.to_string())]);
    RoundRow {
        id: one.round.id,
        name: one.round.setup.name.clone(),
        stage: said::stage(one.stage),
        when: window(lang, one),
        counts: match (one.stage, one.round.setup.way) {
            (Stage::Published, _) => count("选上 {n} 门", one.seats.len()),
            (_, Way::Ranked) => count("填了 {n} 个志愿", wishes),
            (_, Way::FirstCome) => match one.held.iter().filter(|held| held.until.is_some()).count() {
                0 => count("孩子有 {n} 个名额", one.held.len()),
                waiting => count("{n} 个名额还没确认", waiting),
            },
        },
    }
}

fn window(lang: Lang, one: &ChildRound) -> String {
    let (opens, closes) = (one.round.setup.opens_at, one.round.setup.closes_at);
    let values = [("from", dates::moment(lang, opens)), ("to", dates::moment(lang, closes))];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lang.fill("{from} 到 {to}", &values)
}

pub(super) async fn show(
    family: Family,
    Path((student, wanted)): Path<(String, String)>,
    Query(asked): Query<OfDay>,
) -> Result<Response, Fault> {
    let page = page(&family, (id(&student)?, id(&wanted)?), &asked.day, Problems::none()).await?;
    family.page(&page)
}

async fn page(
    family: &Family,
    (student, wanted): (StudentId, RoundId),
    day: &str,
    problems: Problems,
) -> Result<ChoicesPage, Fault> {
    let (scope, found) = own(family, student).await?;
    let plan = found.setting.as_ref().and_then(|setting| setting.plan.clone());
    let one = found.rounds.into_iter().find(|one| one.round.id == wanted).ok_or(Fault::NotFound)?;
    let around = Around {
        here: format!("/children/{student}/choices/{wanted}"),
        back: format!("/children/{student}/choices"),
        public: format!("/schools/{}/rounds/{wanted}/open", scope.school().code),
        name: found.name,
    };
    Ok(ChoicesPage::new((family.lang(), family.at()), around, (&one, plan.as_deref()), (day, problems)))
}

pub(super) async fn tap(
    family: Family,
    Path((student, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Tap>,
) -> Result<Response, Fault> {
    let of: (RoundId, StudentId) = (id(&wanted)?, id(&student)?);
    let lang = family.lang();
    let done = match form.meant() {
        Some(meant) => act(&family, &key, of, meant).await?,
        None => Err(vec![Refusal::new("tap", lang.t("没看懂点的是哪一个，请再点一次"))]),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/children/{}/choices/{}?day={}", of.1, of.0, form.day))),
        Err(refusals) => {
            let page = page(&family, (of.1, of.0), &form.day, said::problems(refusals)).await?;
            family.refused(&page)
        }
    }
}

/// Does it in the child's school: the one of the family's schools that knows the child.
pub(super) async fn act(
    family: &Family,
    key: &Key,
    of: (RoundId, StudentId),
    meant: Meant,
) -> Result<Result<(), Vec<Refusal>>, Fault> {
    let lang = family.lang();
    for scope in family.scopes() {
        let meant = meant.clone();
        let done = scope.write::<ChooseOfferings, (), Vec<Refusal>>(&key.0, move |tx| {
            let written = match &meant {
                Meant::Wish(step) => round::change_wishes(tx, of, *step),
                Meant::Wishes(list) => round::write_wishes(tx, of, list),
                Meant::Seat(step) => {
                    let done = round::change_seat(tx, of, *step);
                    return said_of(done, |why| {
                        Ok(vec![said::not_seated(lang, *why, || round::offered(tx, of.0))?])
                    });
                }
            };
            said_of(written, |why| Ok(said::not_written(lang, why, &round::offered(tx, of.0)?)))
        });
        match done.await {
            Err(Error::NotFound) => {}
            done => return Ok(done?),
        }
    }
    Err(Fault::NotFound)
}

/// A refusal in words, which name what is offered: it is read for them alone.
pub(super) fn said_of<R>(
    done: Result<(), Failed<R>>,
    say: impl FnOnce(&R) -> kehou_db::Result<Vec<Refusal>>,
) -> Result<(), Failed<Vec<Refusal>>> {
    match done {
        Ok(()) => Ok(()),
        Err(Failed::Fault(fault)) => Err(Failed::Fault(fault)),
        Err(Failed::Refused(why)) => Err(Failed::Refused(say(&why)?)),
    }
}
