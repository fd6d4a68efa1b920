//! The page on which wishes are ranked or seats taken, for the family and for the school in its place.

use askama::Template;
use jiff::Timestamp;
use kehou_app::allocation::round::{ChildRound, SeatStep};
use kehou_domain::allocation::round::{Method, Stage, Way, WishList, WishStep};
use kehou_domain::plan::Plan;
use serde::Deserialize;

use super::cards::{self, AnswerRow, Card, DayList, Proof};
use super::said;
use crate::catalogue::words::{comma, weekday};
use crate::dates;
use crate::filters;
use crate::lang::Lang;
use crate::refusal::Problems;

#[derive(Template)]
#[template(path = "allocation/choices.html")]
pub(super) struct ChoicesPage {
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
    /// Of which wishes the child gets one at most.
    clashes: Vec<String>,
    chosen: usize,
    /// Who wrote the wishes, when it was the school.
    by_office: Option<String>,
    limits: Vec<(u8, String)>,
    limit: u8,
    /// Which day counts first: number, words of the button, whether it does. Nothing where no day has to.
    firsts: Vec<(i8, String, bool)>,
    /// Whether no day does.
    is_by_rank: bool,
    /// Whether the child goes where a sibling is; nothing where the round heeds no such wish.
    beside: Option<bool>,
    /// The order of the days in words, where the family said one.
    week: Option<String>,
    /// That what the child has here ends with its place, and when.
    ends: Option<String>,
    /// What waits to be confirmed, each with its day.
    waiting: Vec<(i8, String)>,
    answers: Vec<AnswerRow>,
    proof: Option<Proof>,
    public: String,
    problems: Problems,
}

/// Where the page stands, and whose it is.
pub(super) struct Around {
    /// Its address, to which taps are sent.
    pub(super) here: String,
    /// Where one came from.
    pub(super) back: String,
    /// The public page of the round.
    pub(super) public: String,
    /// The child's name.
    pub(super) name: String,
}

impl ChoicesPage {
    /// The page on a weekday of the round, or on the first that has something.
    pub(super) fn new(
        (lang, at): (Lang, Timestamp),
        around: Around,
        (one, plan): (&ChildRound, Option<&Plan>),
        (day, problems): (&str, Problems),
    ) -> ChoicesPage {
        let days = cards::days(&one.offered);
        let waiting = to_confirm(lang, one, at);
        let asked = day.parse().ok().filter(|day| days.contains(day));
        let first = waiting.first().map(|(day, _)| *day).or(days.first().copied());
        let day = asked.or(first).unwrap_or_default();
        let most = one.round.setup.weekly_limit;
        let limit = |n: u8| (n, lang.fill("每周最多 {n} 门", &[("n", &n.to_string())]));
        ChoicesPage {
            here: around.here,
            back: around.back,
            round: one.round.setup.name.clone(),
            stage: said::stage(one.stage),
            note: note(lang, one),
            is_ranked: one.round.setup.way == Way::Ranked,
            is_open: one.stage == Stage::Open,
            days: days.iter().map(|known| (*known, weekday(lang, *known), *known == day)).collect(),
            day_name: if day == 0 { "" } else { weekday(lang, day) },
            day,
            cards: cards::of_day((lang, plan), one, day, at),
            lists: cards::lists(lang, one),
            clashes: cards::clashes(lang, one),
            chosen: one.list.as_ref().map_or(0, WishList::count),
            by_office: by_office(lang, one),
            ends: ends(lang, one),
            waiting,
            limits: (1..=most).map(limit).collect(),
            limit: one.list.as_ref().map_or(most, |list| list.weekly_limit),
            firsts: firsts(lang, one),
            is_by_rank: one.list.as_ref().is_none_or(|list| list.week.is_empty()),
            beside: one.round.setup.favours.beside.then(|| one.list.as_ref().is_some_and(|list| list.beside)),
            week: one.list.as_ref().and_then(|list| week(lang, list)),
            answers: one.answers.iter().map(|answer| cards::answer(lang, answer, &one.offered)).collect(),
            proof: cards::proof(lang, one),
            public: around.public,
            name: around.name,
            problems,
        }
    }
}

/// Which weekday is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct OfDay {
    #[serde(default)]
    pub(super) day: String,
}

/// One tap: the button's name says what, its value which offering or day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tap {
    pub(super) day: String,
    add: String,
    up: String,
    down: String,
    off: String,
    limit: String,
    first: String,
    by_rank: String,
    beside: String,
    claim: String,
    confirm: String,
    give_up: String,
    accept: String,
    leave: String,
}

/// What a tap means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    Wish(WishStep),
    /// The whole list anew.
    Wishes(WishList),
    Seat(SeatStep),
}

impl Tap {
    /// What the tapped button stands for; nothing when none was.
    pub(super) fn meant(&self) -> Option<Meant> {
        let place = |text: &str| text.parse::<u32>().ok();
        let day = |text: &str| text.parse::<i8>().ok();
        let wish = |step: fn(u32) -> WishStep, text: &str| place(text).map(step).map(Meant::Wish);
        wish(WishStep::Add, &self.add)
            .or_else(|| wish(WishStep::Up, &self.up))
            .or_else(|| wish(WishStep::Down, &self.down))
            .or_else(|| wish(WishStep::Drop, &self.off))
            .or_else(|| place(&self.claim).map(SeatStep::Claim).map(Meant::Seat))
            .or_else(|| day(&self.confirm).map(SeatStep::Confirm).map(Meant::Seat))
            .or_else(|| day(&self.give_up).map(SeatStep::GiveUp).map(Meant::Seat))
            .or_else(|| place(&self.accept).map(SeatStep::Accept).map(Meant::Seat))
            .or_else(|| place(&self.leave).map(SeatStep::Leave).map(Meant::Seat))
            .or_else(|| self.limit.parse().ok().map(WishStep::Limit).map(Meant::Wish))
            .or_else(|| day(&self.first).map(WishStep::First).map(Meant::Wish))
            .or_else(|| {
                let beside =
                    [("yes", true), ("no", false)].into_iter().find(|(word, _)| *word == self.beside);
                beside.map(|(_, beside)| Meant::Wish(WishStep::Beside(beside)))
            })
            .or_else(|| (!self.by_rank.is_empty()).then_some(Meant::Wish(WishStep::ByRank)))
    }
}

/// The days of which one can count first: where wishes are given in their order, and the week has no room for every day.
fn firsts(lang: Lang, one: &ChildRound) -> Vec<(i8, String, bool)> {
    let Some(list) = one.list.as_ref().filter(|_| one.round.setup.method == Method::Deferred) else {
        return Vec::new();
    };
    let wished: Vec<i8> =
        (1..).zip(&list.days).filter(|(_, wishes)| !wishes.is_empty()).map(|(day, _)| day).collect();
    if wished.len() <= usize::from(list.weekly_limit) && list.week.is_empty() {
        return Vec::new();
    }
    let button = |day: i8| {
        let words = lang.fill("先满足{day}", &[("day", weekday(lang, day))]);
        (day, words, list.week.first() == Some(&day))
    };
    wished.into_iter().map(button).collect()
}

/// The order of the days that the family said.
fn week(lang: Lang, list: &WishList) -> Option<String> {
    let days: Vec<&str> = list.week.iter().map(|day| weekday(lang, *day)).collect();
    if days.is_empty() {
        return None;
    }
    Some(lang.fill("先满足{days}，其余按名次。", &[("days", &days.join(comma(lang)))]))
}

/// When the school wrote the wishes in the family's place, for the family to know.
fn by_office(lang: Lang, one: &ChildRound) -> Option<String> {
    let receipt = one.receipt.as_ref().filter(|receipt| receipt.is_by_office && one.stage == Stage::Open)?;
    Some(lang.fill("学校在{at}替您填的，可以自己改。", &[("at", &dates::moment(lang, receipt.written_at))]))
}

/// When the child's place has an end and it has something here, or waits for it: that ends with the place.
fn ends(lang: Lang, one: &ChildRound) -> Option<String> {
    let has_nothing = one.seats.is_empty() && one.held.is_empty() && one.line.is_empty();
    let last = one.place_ends_on.filter(|_| !has_nothing)?;
    let text = "孩子的课后服务到{day}为止，这里的名额从第二天早上起让给别人。";
    Some(lang.fill(text, &[("day", &dates::day(lang, last))]))
}

/// What is kept for the child until it is confirmed, with its day: it is lost when nobody looks there in time.
fn to_confirm(lang: Lang, one: &ChildRound, at: Timestamp) -> Vec<(i8, String)> {
    let held = one.held.iter().map(|held| (held.offering, held.until));
    let offers = one.line.iter().map(|waits| (waits.offering, waits.offered_until));
    let mut waiting = Vec::new();
    for (offering, until) in held.chain(offers) {
        let offered = one.offered.iter().find(|offered| offered.id == offering);
        let (Some(offered), Some(until)) = (offered, until.filter(|until| at < *until)) else { continue };
        let day = offered.listed.weekday();
        let (on, until) = (weekday(lang, day), dates::moment(lang, until));
        let values = [("title", offered.details.title.as_str()), ("day", on), ("at", &until)];
        waiting.push((day, lang.fill("“{title}”（{day}）的名额留到{at}，要在这之前确认。", &values)));
    }
    waiting
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
