//! The family on the phone: ranking wishes tap by tap, taking seats, and reading why each wish ended as it did.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::allocation::round::{self, ChildRound, ChildRounds, Offered, SeatRefused};
use kehou_db::{Error, Failed, Scope, Tx};
use kehou_domain::access::{ChooseOfferings, ReadOwnChoices};
use kehou_domain::allocation::round::{Seized, Stage, Way, WishStep};
use kehou_domain::ids::{RoundId, StudentId};
use serde::Deserialize;

use super::{cards, id, said};
use crate::answer::see_other;
use crate::catalogue::words::weekday;
use crate::dates;
use crate::enrolment::{Chip, chips};
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};

use cards::{AnswerRow, Card, DayList, Proof};

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

#[derive(Template)]
#[template(path = "allocation/choices.html")]
struct ChoicesPage {
    here: String,
    back: String,
    name: String,
    round: String,
    stage: (&'static str, &'static str, &'static str),
    /// The notice at the top: colour, head, words.
    note: (&'static str, &'static str, String),
    is_ranked: bool,
    is_open: bool,
    /// Number, name and whether shown.
    days: Vec<(i8, &'static str, bool)>,
    day_name: &'static str,
    day: i8,
    cards: Vec<Card>,
    lists: Vec<DayList>,
    chosen: usize,
    limits: Vec<(u8, String)>,
    limit: u8,
    answers: Vec<AnswerRow>,
    proof: Option<Proof>,
    public: String,
    problems: Problems,
}

/// Which weekday is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct OfDay {
    #[serde(default)]
    day: String,
}

/// One tap: the button's name says what, its value which offering or day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tap {
    day: String,
    add: String,
    up: String,
    down: String,
    off: String,
    limit: String,
    claim: String,
    confirm: String,
    give_up: String,
    accept: String,
    leave: String,
}

/// What a tap means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    Wish(WishStep),
    Seat(SeatTap),
}

/// What is done about a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeatTap {
    Claim(u32),
    Confirm(i8),
    GiveUp(i8),
    Accept(u32),
    Leave(u32),
}

impl Tap {
    fn meant(&self) -> Option<Meant> {
        let place = |text: &str| text.parse::<u32>().ok();
        let day = |text: &str| text.parse::<i8>().ok();
        let wish = |step: fn(u32) -> WishStep, text: &str| place(text).map(step).map(Meant::Wish);
        wish(WishStep::Add, &self.add)
            .or_else(|| wish(WishStep::Up, &self.up))
            .or_else(|| wish(WishStep::Down, &self.down))
            .or_else(|| wish(WishStep::Drop, &self.off))
            .or_else(|| place(&self.claim).map(SeatTap::Claim).map(Meant::Seat))
            .or_else(|| day(&self.confirm).map(SeatTap::Confirm).map(Meant::Seat))
            .or_else(|| day(&self.give_up).map(SeatTap::GiveUp).map(Meant::Seat))
            .or_else(|| place(&self.accept).map(SeatTap::Accept).map(Meant::Seat))
            .or_else(|| place(&self.leave).map(SeatTap::Leave).map(Meant::Seat))
            .or_else(|| self.limit.parse().ok().map(WishStep::Limit).map(Meant::Wish))
    }
}

/// The child's school, name and rounds; somebody else's child is not there.
async fn own(family: &Family, student: StudentId) -> Result<(Scope, ChildRounds), Fault> {
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
            (_, Way::FirstCome) => count("有 {n} 个名额", one.held.len()),
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
    let lang = family.lang();
    let days = cards::days(&one.offered);
    let day = day.parse().ok().filter(|day| days.contains(day)).or(days.first().copied()).unwrap_or_default();
    let limit = one.list.as_ref().map_or(one.round.setup.weekly_limit, |list| list.weekly_limit);
    let limits = (1..=one.round.setup.weekly_limit)
        .map(|n| (n, lang.fill("每周最多 {n} 门", &[("n", &n.to_string())])))
        .collect();
    Ok(ChoicesPage {
        here: format!("/children/{student}/choices/{wanted}"),
        back: format!("/children/{student}/choices"),
        round: one.round.setup.name.clone(),
        stage: said::stage(one.stage),
        note: note(lang, &one),
        is_ranked: one.round.setup.way == Way::Ranked,
        is_open: one.stage == Stage::Open,
        days: days.iter().map(|known| (*known, weekday(lang, *known), *known == day)).collect(),
        day_name: if day == 0 { "" } else { weekday(lang, day) },
        day,
        cards: cards::of_day((lang, plan.as_deref()), &one, day, family.at()),
        lists: cards::lists(lang, &one),
        chosen: one.list.as_ref().map_or(0, kehou_domain::allocation::round::WishList::count),
        limits,
        limit,
        answers: one.answers.iter().map(|answer| cards::answer(lang, answer, &one.offered)).collect(),
        proof: cards::proof(lang, &one),
        public: format!("/schools/{}/rounds/{wanted}/open", scope.school().code),
        name: found.name,
        problems,
    })
}

/// What the family reads first.
fn note(lang: Lang, one: &ChildRound) -> (&'static str, &'static str, String) {
    let closes = dates::moment(lang, one.round.setup.closes_at);
    let opens = dates::moment(lang, one.round.setup.opens_at);
    let until = |text: &str| lang.fill(text, &[("at", &closes)]);
    match (one.stage, one.round.setup.way) {
        (Stage::Draft | Stage::Announced, _) => {
            ("", "还没开始。", lang.fill("{at}开始选，先看看有什么。", &[("at", &opens)]))
        }
        (Stage::Open, Way::Ranked) => {
            ("ok", "不用抢。", until("先填后填一样，{at}前随时能改。报的人超过名额时，按志愿顺序和抽签定。"))
        }
        (Stage::Open, Way::FirstCome) => {
            ("late", "先到先得。", until("点了名额先替孩子留着，要在写明的时间里确认。{at}截止。"))
        }
        (Stage::Over | Stage::Sealed | Stage::Drawn, Way::Ranked) => {
            ("", "已经截止。", lang.t("正在抽签和核对，结果出来会发消息。").to_owned())
        }
        (Stage::Over | Stage::Sealed | Stage::Drawn, Way::FirstCome) => {
            ("", "已经截止。", lang.t("学校核对以后会发消息。").to_owned())
        }
        (Stage::Published, _) => {
            ("ok", "结果公布了。", lang.t("每个志愿为什么这样，都写在下面。").to_owned())
        }
        (Stage::CalledOff, _) => {
            ("absent", "这一轮取消了：", one.round.called_off_why.clone().unwrap_or_default())
        }
    }
}

pub(super) async fn tap(
    family: Family,
    Path((student, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Tap>,
) -> Result<Response, Fault> {
    let of: (RoundId, StudentId) = (id(&wanted)?, id(&student)?);
    let (scope, found) = own(&family, of.1).await?;
    let one = found.rounds.into_iter().find(|one| one.round.id == of.0).ok_or(Fault::NotFound)?;
    let lang = family.lang();
    let done = match form.meant() {
        Some(meant) => act(&scope, &key, (lang, of), meant, one.offered).await?,
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

async fn act(
    scope: &Scope,
    key: &Key,
    (lang, of): (Lang, (RoundId, StudentId)),
    meant: Meant,
    offered: Vec<Offered>,
) -> Result<Result<(), Vec<Refusal>>, Fault> {
    let done = scope.write::<ChooseOfferings, (), Vec<Refusal>>(&key.0, move |tx| match meant {
        Meant::Wish(step) => round::change_wishes(tx, of, step)
            .map_err(|why| why.map(|why| said::not_written(lang, &why, &offered))),
        Meant::Seat(tap) => {
            seat(tx, of, tap).map_err(|why| why.map(|why| vec![said::not_seated(lang, why, &offered)]))
        }
    });
    Ok(done.await?)
}

fn seat(
    tx: &mut Tx<ChooseOfferings>,
    of: (RoundId, StudentId),
    tap: SeatTap,
) -> Result<(), Failed<SeatRefused>> {
    match tap {
        SeatTap::Claim(place) => round::claim(tx, of, place).map(|seized| match seized {
            Seized::Seat(_) | Seized::Line(_) => {}
        }),
        SeatTap::Confirm(day) => round::confirm(tx, of, day),
        SeatTap::GiveUp(day) => round::give_up(tx, of, day),
        SeatTap::Accept(place) => round::accept(tx, of, place),
        SeatTap::Leave(place) => round::leave_line(tx, of, place),
    }
}
