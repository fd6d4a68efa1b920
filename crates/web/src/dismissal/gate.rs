//! The gate: the day's list, one child with the verdict, a stop with its next step.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::dismissal::{self, AtGate, Candidate, Gate, GateChild, Look, ReleaseOutcome, StopCard, Wave};
use kehou_domain::access::{ReleaseChild, WatchGate};
use kehou_domain::custody::{Check, Receiver, Whereabouts};
use kehou_domain::dismissal::{BadName, Call, CannotTakeBack, Collector, Next, Settlement, Verdict, Why};
use kehou_domain::ids::{FactId, StudentId};
use kehou_domain::moment;
use serde::Deserialize;

use super::stop::{StopLine, stop_lines};
use super::{day, id, unlisted, verdict, who, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::Problems;
use crate::seat::Seat;

/// How many children the list shows at once; the rest is found by wave, class or name.
const SHOWN: usize = 60;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Sought {
    #[serde(default)]
    find: String,
    #[serde(default)]
    wave: String,
    #[serde(default)]
    day: String,
}

/// A chip of the list: a wave or all.
struct Chip {
    path: String,
    words: String,
    here: bool,
}

/// A child on the list.
struct Line {
    path: String,
    name: String,
    class: String,
    place: (&'static str, &'static str, &'static str),
    pickers: String,
    restricted: bool,
    held: bool,
    stopped: bool,
}

#[derive(Template)]
#[template(path = "dismissal/gate.html")]
struct GatePage {
    gate: Gate,
    chips: Vec<Chip>,
    lines: Vec<Line>,
    more: usize,
    find: String,
    wave: String,
    path: String,
    base: String,
    today: Date,
    left: usize,
    meter: String,
}

pub(super) async fn index(seat: Seat, Query(find): Query<Sought>) -> Result<Response, Fault> {
    seat.page(&list(&seat, find).await?)
}

/// A search is sent in the body: a child's name has no place in an address.
pub(super) async fn find(seat: Seat, Form(find): Form<Sought>) -> Result<Response, Fault> {
    seat.found(&list(&seat, find).await?)
}

/// The address of a page that stays with the day it shows.
pub(super) fn on_day(seat: &Seat, path: &str, day: Date) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    if day == seat.today() { seat.path(path) } else { seat.path(&format!("{path}{mark}day={day}")) }
}

async fn list(seat: &Seat, find: Sought) -> Result<GatePage, Fault> {
    let wave = find.wave.parse().ok().and_then(moment::from_millis);
    let look = Look { wave, find: find.find.clone(), day: day(&find.day) };
    let gate = seat.read::<WatchGate, _>(move |tx| dismissal::gate(tx, &look)).await?;
    let lang = seat.lang();
    let path = on_day(seat, "gate", gate.day);
    let mut chips =
        vec![Chip { path: path.clone(), words: lang.t("全部").to_owned(), here: wave.is_none() }];
    chips.extend(gate.waves.iter().map(|one| chip(seat, one, gate.day, wave == Some(one.at))));
    let lines = gate.children.iter().take(SHOWN).map(|child| line(seat, gate.day, child)).collect();
    Ok(GatePage {
        more: gate.children.len().saturating_sub(SHOWN),
        left: gate.to_go - gate.gone,
        meter: share(gate.gone, gate.to_go),
        gate,
        chips,
        lines,
        find: find.find,
        wave: find.wave,
        path,
        base: seat.path("gate"),
        today: seat.today(),
    })
}

fn chip(seat: &Seat, wave: &Wave, day: Date, here: bool) -> Chip {
    let lang = seat.lang();
    let time = crate::dates::time(moment::wall_clock(wave.at).time());
    let words = format!("{time} {} {}/{}", words::grades(lang, &wave.grades), wave.gone, wave.to_go);
    Chip { path: on_day(seat, &format!("gate?wave={}", moment::millis(wave.at)), day), words, here }
}

/// A share of 100 with one decimal, as the meter draws it.
pub(super) fn share(part: usize, whole: usize) -> String {
    let tenths = (part * 1000).checked_div(whole).unwrap_or(1000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn line(seat: &Seat, day: Date, child: &GateChild) -> Line {
    let lang = seat.lang();
    let mut pickers: Vec<String> =
        child.delegates.iter().map(|(name, relation)| words::called(lang, name, relation)).collect();
    pickers.extend(child.consented.map(|mode| lang.t(words::mode(mode)).to_owned()));
    Line {
        path: on_day(seat, &format!("gate/{}", child.child.id), day),
        name: child.child.name.clone(),
        class: words::class(lang, &child.child),
        place: words::place(child.whereabouts),
        pickers: pickers.join(words::comma(lang)),
        restricted: child.restricted,
        held: child.held,
        stopped: child.stopped,
    }
}

/// Who is asked about.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    day: String,
}

/// Someone who may come, as the page shows them.
struct Choice {
    word: String,
    name: String,
    relation: String,
    /// On whose word on the telephone they may come today.
    agreed: Option<String>,
    may: bool,
    why: String,
}

/// What is shown on top of a child's page.
enum Top {
    /// Nobody was chosen yet.
    Choose,
    /// The child has left, or does not come today.
    Ended { has_left: bool, words: String, taker: Option<(String, String)> },
    /// 可以接走.
    Release { choice: Choice },
    /// 先不要放行.
    Stop { why: String, next: Vec<&'static str>, call: Call, choice: Option<Choice> },
}

#[derive(Template)]
#[template(path = "dismissal/child.html")]
pub(super) struct ChildPage {
    child: AtGate,
    class: String,
    place: (&'static str, &'static str, &'static str),
    learnt: Option<jiff::Timestamp>,
    top: Top,
    choices: Vec<Choice>,
    checks: Vec<(&'static str, &'static str)>,
    problems: Problems,
    name: String,
    /// Where forms go.
    path: String,
    /// This page.
    here: String,
    list: String,
    /// Whom to call: what they are to the child, name, number; the first is the one to call now.
    callees: Vec<(String, String, String)>,
    /// The release that may be taken back here.
    mistaken: Option<FactId>,
    /// Whether only the duty leader can still take the release back.
    for_leader: bool,
    /// The stops of the day.
    stops: Vec<StopLine>,
}

impl ChildPage {
    /// Whether the page asks the guard to compare two people and to let the child go.
    fn lets_go(&self) -> bool {
        matches!(self.top, Top::Release { .. })
    }

    /// Whether the bar at the foot is as high as two calls or a question make it.
    fn has_two_calls(&self) -> bool {
        match self.top {
            Top::Stop { .. } => 1 < self.callees.len(),
            Top::Ended { .. } => self.mistaken.is_some(),
            Top::Choose | Top::Release { .. } => false,
        }
    }

    fn has_ended(&self) -> bool {
        matches!(self.top, Top::Ended { .. })
    }

    fn has_left(&self) -> bool {
        matches!(self.top, Top::Ended { has_left: true, .. })
    }
}

pub(super) async fn show(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let on = day(&asked.day);
    match seat.read::<WatchGate, _>(move |tx| dismissal::child_at_gate(tx, student, on)).await {
        Err(Fault::NotFound) => unlisted::show(&seat, student, on).await,
        child => seat.page(&child_page(&seat, child?, &asked.who, Problems::none())),
    }
}

pub(super) fn child_page(seat: &Seat, child: AtGate, asked: &str, problems: Problems) -> ChildPage {
    let lang = seat.lang();
    let chosen = child.candidates.iter().find(|candidate| who::word(&candidate.collector) == asked);
    let top = match (ended(lang, &child), chosen) {
        (Some(top), _) => top,
        (None, Some(chosen)) => decided(lang, &child, chosen),
        (None, None) => standing(lang, &child),
    };
    let with_person =
        chosen.is_none_or(|chosen| !matches!(chosen.collector, Collector::Alone | Collector::Bus));
    let checks = if with_person { &Check::ALL[..] } else { &Check::ALL[..1] };
    ChildPage {
        class: words::class(lang, &child.child),
        place: words::place(child.state.whereabouts()),
        learnt: child.state.learnt_from().map(|sight| sight.at),
        choices: child.candidates.iter().map(|candidate| choice(lang, &child, candidate)).collect(),
        checks: checks.iter().map(|check| (check.word(), words::check(*check))).collect(),
        path: seat.path(&format!("gate/{}", child.child.id)),
        here: on_day(seat, &format!("gate/{}", child.child.id), child.day),
        list: on_day(seat, "gate", child.day),
        callees: callees(lang, &child, call_of(&top)),
        mistaken: child.release.ok(),
        for_leader: matches!(child.release, Err(CannotTakeBack::TooLate | CannotTakeBack::ByDutyLeader)),
        stops: stop_lines(seat, &child),
        name: String::new(),
        child,
        top,
        problems,
    }
}

/// Whom the child's page says to call.
const fn call_of(top: &Top) -> Call {
    match top {
        Top::Stop { call, .. } => *call,
        Top::Choose | Top::Ended { .. } | Top::Release { .. } => Call::Guardian,
    }
}

/// Whom the call buttons call, the first one now: who leads the duty where only they decide (H3), then a guardian.
pub(super) fn callees(lang: Lang, child: &AtGate, call: Call) -> Vec<(String, String, String)> {
    let leader = child.leaders.first().filter(|_| call == Call::DutyLeader);
    let leader =
        leader.map(|leader| (lang.t("值班领导").to_owned(), leader.name.clone(), leader.phone.clone()));
    leader.into_iter().chain(callee(child)).collect()
}

/// What happens next with this child: where nobody of its family can be called, who leads the duty is (H3).
pub(super) fn next_at(child: &AtGate, next: Next) -> Next {
    if callee(child).is_some() { next } else { next.without_family() }
}

/// The first guardian with a telephone number who may collect the child.
fn callee(child: &AtGate) -> Option<(String, String, String)> {
    family(child).next()
}

/// The guardians with a telephone number who may collect the child: relation, name, number.
pub(super) fn family(child: &AtGate) -> impl Iterator<Item = (String, String, String)> {
    let restricted =
        |candidate: &Candidate| matches!(candidate.verdict, Verdict::Stop { why: Why::Restricted, .. });
    child.guardians.iter().filter_map(move |guardian| {
        let own = Collector::Guardian(guardian.id);
        let barred = child.candidates.iter().any(|one| one.collector == own && restricted(one));
        let phone = guardian.phone.clone().filter(|_| !barred)?;
        Some((guardian.relation.clone(), guardian.name.clone(), phone))
    })
}

/// What stands on top of a child whose day has ended: who took it, when it was taken.
fn ended(lang: Lang, child: &AtGate) -> Option<Top> {
    let Whereabouts::Ended(ending) = child.state.whereabouts() else { return None };
    if child.stops.iter().any(StopCard::holds) {
        return None;
    }
    let has_left = !ending.never_came();
    let taker = taker(child);
    let words = words::live(lang, child.state.whereabouts(), taker.as_ref());
    Some(Top::Ended { has_left, words, taker })
}

/// What stands on top before anybody was chosen: a child who was not called, is missing or is held, says so.
fn standing(lang: Lang, child: &AtGate) -> Top {
    let why = match child.state.whereabouts() {
        _ if child.stops.iter().any(StopCard::holds) => Why::Held,
        Whereabouts::Unseen => Why::NotCalled,
        Whereabouts::Missing | Whereabouts::NotExpected => Why::NotSeen,
        Whereabouts::Ended(_)
        | Whereabouts::Here
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare => return Top::Choose,
    };
    stopped(lang, &why, child, None)
}

fn stopped(lang: Lang, why: &Why, child: &AtGate, choice: Option<Choice>) -> Top {
    let place = child.state.whereabouts();
    let next = next_at(child, why.next(place));
    Top::Stop { why: verdict::why(lang, why), next: verdict::next(next, place), call: next.call, choice }
}

/// Who took the child: name and relation.
pub(super) fn taker(child: &AtGate) -> Option<(String, String)> {
    let (handing, _) = child.state.let_through.as_ref().or(child.state.handed_over.as_ref())?;
    let collector = match handing.to {
        Receiver::Guardian(id) => Collector::Guardian(id),
        Receiver::Delegate(id) => Collector::Delegate(id),
        Receiver::Unlisted => return let_go(child),
        Receiver::Colleague => return None,
    };
    let found = child.candidates.iter().find(|candidate| candidate.collector == collector)?;
    Some((found.name.clone(), found.relation.clone()))
}

/// Somebody on no list whom the duty leader let have the child, by the name of the stop.
fn let_go(child: &AtGate) -> Option<(String, String)> {
    let stop = child.stops.iter().find(|stop| stop.settlement == Some(Settlement::LetGo))?;
    Some((stop.collector.clone(), String::new())).filter(|(name, _)| !name.is_empty())
}

fn decided(lang: Lang, child: &AtGate, candidate: &Candidate) -> Top {
    let choice = choice(lang, child, candidate);
    match &candidate.verdict {
        Verdict::Release(_) => Top::Release { choice },
        Verdict::Stop { why, .. } => stopped(lang, why, child, Some(choice)),
    }
}

fn choice(lang: Lang, child: &AtGate, candidate: &Candidate) -> Choice {
    let (name, relation) = match candidate.collector {
        Collector::Alone => (lang.t("自己离校").to_owned(), String::new()),
        Collector::Bus => (lang.t("坐校车走").to_owned(), String::new()),
        Collector::Guardian(_) | Collector::Delegate(_) | Collector::Unnamed(_) => {
            (candidate.name.clone(), candidate.relation.clone())
        }
    };
    let why = match &candidate.verdict {
        Verdict::Release(_) => String::new(),
        Verdict::Stop { why, .. } => verdict::why(lang, why),
    };
    let agreed = child.agreements.iter().find(|one| Collector::Delegate(one.delegate) == candidate.collector);
    Choice {
        word: who::word(&candidate.collector),
        name,
        relation,
        agreed: agreed.map(|agreement| words::agreed(lang, agreement)),
        may: why.is_empty(),
        why,
    }
}

/// Who stands there, as the form says it.
#[derive(Debug, Deserialize)]
pub(super) struct Standing {
    #[serde(default)]
    who: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    checked: String,
    /// The day of the page, so that midnight changes nothing under the guard's hands.
    #[serde(default)]
    day: String,
}

pub(super) async fn check(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Standing>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let Some(collector) = who::parse(&form.who, &form.name) else {
        return unnamed(&seat, (student, day(&form.day)), form.name).await;
    };
    let on = day(&form.day);
    let written = seat.write::<ReleaseChild, String, String>(&key, move |tx| {
        let outcome = dismissal::check(tx, (student, on), &collector)?;
        Ok(after_check(student, &collector, &outcome))
    });
    let place = match written.await {
        Err(Fault::NotFound) => unlisted::instead(&seat, student, on).await?,
        place => place?.unwrap_or_else(|place| place),
    };
    Ok(see_other(&on_day(&seat, &place, on.unwrap_or(seat.today()))))
}

/// Nobody was named, or at too great a length: the form again, with what would be right.
async fn unnamed(
    seat: &Seat,
    (student, day): (StudentId, Option<Date>),
    name: String,
) -> Result<Response, Fault> {
    let child = seat.read::<WatchGate, _>(move |tx| dismissal::child_at_gate(tx, student, day)).await?;
    let mut problems = Problems::none();
    let wrong = match Collector::unnamed(&name) {
        Err(BadName::TooLong) => "姓名最多 40 个字",
        Err(BadName::Missing) | Ok(_) => "请填来接的人的姓名",
    };
    problems.add("name", seat.lang().t(wrong));
    seat.refused(&ChildPage { name, ..child_page(seat, child, "", problems) })
}

/// Where the gate goes once the person was looked up.
fn after_check(student: StudentId, collector: &Collector, outcome: &ReleaseOutcome) -> String {
    match (outcome, collector) {
        (ReleaseOutcome::Stopped(stop), _) => format!("stops/{stop}"),
        (_, Collector::Unnamed(_)) => format!("gate/{student}"),
        (ReleaseOutcome::Released | ReleaseOutcome::NotNow(_), _) => {
            format!("gate/{student}?who={}", who::word(collector))
        }
    }
}

pub(super) async fn release(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Standing>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let collector = who::parse(&form.who, &form.name).ok_or(Fault::NotFound)?;
    let on = day(&form.day);
    let Some(checked) = Check::parse(&form.checked) else {
        return unchecked(&seat, (student, on), &form.who).await;
    };
    let written = seat.write::<ReleaseChild, String, String>(&key, move |tx| {
        let outcome = dismissal::release(tx, (student, on), &collector, checked)?;
        Ok(after_release(student, &collector, &outcome))
    });
    let place = match written.await {
        Err(Fault::NotFound) => unlisted::instead(&seat, student, on).await?,
        place => place?.unwrap_or_else(|place| place),
    };
    Ok(see_other(&on_day(&seat, &place, on.unwrap_or(seat.today()))))
}

/// H2: nobody said how the person was checked, or in no way that there is: the page again, with the ways.
async fn unchecked(
    seat: &Seat,
    (student, day): (StudentId, Option<Date>),
    who: &str,
) -> Result<Response, Fault> {
    let child = seat.read::<WatchGate, _>(move |tx| dismissal::child_at_gate(tx, student, day)).await?;
    let mut problems = Problems::none();
    problems.add("checked", seat.lang().t("请选怎么核对的"));
    seat.refused(&child_page(seat, child, who, problems))
}

/// After a release the child's page says who took it; anything else shows why not.
fn after_release(student: StudentId, collector: &Collector, outcome: &ReleaseOutcome) -> String {
    match outcome {
        ReleaseOutcome::Released => format!("gate/{student}"),
        ReleaseOutcome::Stopped(_) | ReleaseOutcome::NotNow(_) => after_check(student, collector, outcome),
    }
}
