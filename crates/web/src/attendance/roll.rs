//! The roll: as opened, as tapped without script, saved, undone, confirmed by the head count (G2, G9).

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::Timestamp;
use kehou_app::attendance::{self, Call, InClub, Mention, Roll, RollChild, Session};
use kehou_domain::access::{
    CallRoll, HandOverGroup, LookForChild, ReadCareLog, ReadSessions, ReportEarlyLeave, StandIn,
};
use kehou_domain::attendance::{HeadCount, Said, Saying};
use kehou_domain::custody::{Counts, Mark, Whereabouts};
use kehou_domain::ids::{EntityId, SessionId, StudentId};
use kehou_domain::moment::{from_millis, millis};
use kehou_domain::people::cell::squeeze;
use kehou_domain::people::class::school_year;
use serde::{Deserialize, Serialize};

use super::cases::CaseLine;
use super::{id, words};
use crate::answer::see_other;
use crate::dismissal::words::comma;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// One child's tile.
struct Tile {
    id: String,
    name: String,
    /// The number and, for those who came late, the time.
    below: String,
    mark: Mark,
    /// What is saved, whatever stands on the tile.
    saved: Mark,
    /// Whether what stands on the tile differs from what is saved.
    drafted: bool,
    tappable: bool,
}

impl Tile {
    fn class(&self) -> &'static str {
        words::class(self.mark)
    }
    fn letter(&self) -> &'static str {
        words::letter(self.mark)
    }
    fn words(&self) -> &'static str {
        words::mark(self.mark)
    }
    fn is_present(&self) -> bool {
        self.mark == Mark::Present
    }
}

/// What was done a moment ago, and how to take it back.
struct Toast {
    words: String,
    saved_at: String,
}

#[derive(Template)]
#[template(path = "attendance/roll.html")]
struct RollPage {
    school: String,
    roll: Roll,
    tiles: Vec<Tile>,
    counts: Counts,
    cases: Vec<CaseLine>,
    /// How many of them are still being looked for.
    looked_for: usize,
    /// Who was found elsewhere in the school and has yet to come: their names.
    to_come: String,
    /// The head count as it was typed.
    heads: String,
    problems: Problems,
    toast: Option<Toast>,
    /// Whether the list is so long that a name is hard to find with the eye.
    is_long: bool,
    find: String,
    /// How many tiles have the name that was looked for; they stand first.
    found: usize,
    is_drafted: bool,
    may_call: bool,
    may: Buttons,
    /// What stands between names.
    comma: &'static str,
}

impl RollPage {
    /// The children of a class who sit in a club.
    fn names(&self, of: &InClub) -> String {
        of.children.join(self.comma)
    }
}

/// Which pages beside the roll the seat may open.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a page of its own with its own act")]
struct Buttons {
    log: bool,
    handover: bool,
    early: bool,
    teacher: bool,
    look: bool,
}

/// What stands behind the address: what was saved a moment ago.
#[derive(Debug, Default, Deserialize)]
pub(super) struct After {
    saved: Option<i64>,
    rest: Option<u32>,
}

/// The form of the roll.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RollForm {
    /// `id.word` for each tile that differs from what is saved; with the moment of the tap behind another dot.
    #[serde(default)]
    m: Vec<String>,
    /// The tile that was tapped, when no script took the tap.
    tap: Option<String>,
    /// A name to find on a long list, and the button that looks for it.
    #[serde(default)]
    find: String,
    look: Option<String>,
    /// What is said of everyone still unmarked.
    rest: Option<String>,
    version: u32,
}

/// What a save answers: kept beside the key, so the same request gets it again.
#[derive(Debug, Serialize, Deserialize)]
struct SavedFacts {
    at: i64,
    rest: u32,
}

pub(super) async fn show(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    Query(after): Query<After>,
) -> Result<Response, Fault> {
    let session: SessionId = id(&session)?;
    let roll = read(&seat, session).await?;
    let toast = after.saved.and_then(|at| toast(seat.lang(), at, after.rest.unwrap_or(0)));
    seat.page(&page(&seat, roll, Draft { toast, ..Draft::default() }))
}

pub(super) async fn save(
    seat: Seat,
    key: Key,
    Path((_, session)): Path<(String, String)>,
    Form(form): Form<RollForm>,
) -> Result<Response, Fault> {
    let session: SessionId = id(&session)?;
    let mut mentions = mentions(&form.m)?;
    if let Some(tapped) = &form.tap {
        let roll = read(&seat, session).await?;
        tap(&mut mentions, &roll, id(tapped)?);
        return seat.page(&page(&seat, roll, Draft { mentions, ..Draft::default() }));
    }
    if form.look.is_some() {
        let roll = read(&seat, session).await?;
        let draft = Draft { mentions, find: form.find.trim().to_owned(), ..Draft::default() };
        return seat.page(&page(&seat, roll, draft));
    }
    let rest = form.rest.as_deref().and_then(Said::parse);
    let call = Call {
        session,
        version: Some(form.version),
        mentions: mentions.clone(),
        rest,
        device: seat.sign_in().signed_in.device_name.clone(),
    };
    match write(&seat, &key, call).await? {
        Ok(saved) => {
            let query = format!("?saved={}&rest={}", saved.at, saved.rest);
            Ok(see_other(&(seat.path(&format!("rolls/{session}")) + &query)))
        }
        Err(refusal) => {
            let roll = read(&seat, session).await?;
            let problems = named(refusal, &roll).into();
            let draft = Draft { mentions, problems, ..Draft::default() };
            seat.refused(&page(&seat, roll, draft))
        }
    }
}

async fn write(seat: &Seat, key: &Key, call: Call) -> Result<Result<SavedFacts, Refusal>, Fault> {
    let lang = seat.lang();
    seat.write::<CallRoll, _, _>(key, move |tx| {
        let saved = attendance::save_roll(tx, &call);
        let saved = saved.map_err(|why| why.map(|why| words::roll_refused(lang, why)))?;
        Ok(SavedFacts { at: millis(saved.at), rest: saved.rest })
    })
    .await
}

/// A refusal speaks of a child by its id; the page knows the name.
pub(super) fn named(refusal: Refusal, roll: &Roll) -> Refusal {
    let child = roll.children.iter().find(|child| refusal.message.contains(&child.pupil.id.to_string()));
    match child {
        None => refusal,
        Some(child) => {
            let message = refusal.message.replace(&child.pupil.id.to_string(), &child.pupil.name);
            Refusal { message, ..refusal }
        }
    }
}

/// What is taken back.
#[derive(Debug, Deserialize)]
pub(super) struct UndoForm {
    saved: i64,
}

pub(super) async fn undo(
    seat: Seat,
    key: Key,
    Path((_, session)): Path<(String, String)>,
    Form(form): Form<UndoForm>,
) -> Result<Response, Fault> {
    let session: SessionId = id(&session)?;
    let saved_at = from_millis(form.saved).ok_or(Fault::NotFound)?;
    let lang = seat.lang();
    let undone = seat.write::<CallRoll, (), Refusal>(&key, move |tx| {
        let undone = attendance::undo_roll(tx, session, saved_at);
        undone.map(|_| ()).map_err(|why| why.map(|why| words::roll_refused(lang, why)))
    });
    done(&seat, session, undone.await?, String::new()).await
}

/// The number in the room.
#[derive(Debug, Deserialize)]
pub(super) struct CountForm {
    heads: String,
}

pub(super) async fn count(
    seat: Seat,
    key: Key,
    Path((_, session)): Path<(String, String)>,
    Form(form): Form<CountForm>,
) -> Result<Response, Fault> {
    let session: SessionId = id(&session)?;
    let lang = seat.lang();
    let Ok(heads) = squeeze(&form.heads).parse::<u32>() else {
        let refusal = Refusal::new("no_number", lang.t("填现场数到的人数，只要数字")).at("heads");
        return done(&seat, session, Err(refusal), form.heads).await;
    };
    let counted = seat.write::<CallRoll, (), Refusal>(&key, move |tx| {
        let verdict = attendance::confirm_heads(tx, session, heads)
            .map_err(|why| why.map(|why| words::roll_refused(lang, why)))?;
        disagrees(lang, verdict)
    });
    done(&seat, session, counted.await?, form.heads).await
}

fn disagrees(lang: Lang, verdict: HeadCount) -> Result<(), kehou_db::Failed<Refusal>> {
    match words::head_count(lang, verdict) {
        None => Ok(()),
        Some(refusal) => Err(kehou_db::Failed::Refused(refusal.at("heads"))),
    }
}

async fn done(
    seat: &Seat,
    session: SessionId,
    verdict: Result<(), Refusal>,
    heads: String,
) -> Result<Response, Fault> {
    match verdict {
        Ok(()) => Ok(see_other(&seat.path(&format!("rolls/{session}")))),
        Err(refusal) => {
            let roll = read(seat, session).await?;
            seat.refused(&page(seat, roll, Draft { problems: refusal.into(), heads, ..Draft::default() }))
        }
    }
}

/// What is on the page beside what is saved.
#[derive(Default)]
struct Draft {
    mentions: Vec<Mention>,
    /// The name that is looked for.
    find: String,
    problems: Problems,
    toast: Option<Toast>,
    heads: String,
}

async fn read(seat: &Seat, session: SessionId) -> Result<Roll, Fault> {
    seat.read::<ReadSessions, _>(move |tx| attendance::roll(tx, session)).await
}

fn page(seat: &Seat, roll: Roll, draft: Draft) -> RollPage {
    let of = (seat.lang(), &roll.session);
    let mut tiles: Vec<Tile> = roll.children.iter().map(|child| tile(of, child, &draft.mentions)).collect();
    let found = found_first(&mut tiles, &draft.find);
    let counts = Counts::of(tiles.iter().map(|tile| tile.mark));
    let cases = roll.cases.iter().map(|case| CaseLine::of(seat.lang(), case)).collect();
    let may = Buttons {
        log: seat.may::<ReadCareLog>(),
        handover: seat.may::<HandOverGroup>(),
        early: seat.may::<ReportEarlyLeave>(),
        teacher: seat.may::<StandIn>() && roll.day_closed_at.is_none(),
        look: seat.may::<LookForChild>(),
    };
    RollPage {
        school: seat.school().code.clone(),
        is_long: LONG < tiles.len(),
        found,
        find: draft.find,
        is_drafted: tiles.iter().any(|tile| tile.drafted),
        tiles,
        counts,
        to_come: to_come(&roll),
        looked_for: roll.cases.iter().filter(|case| case.is_open).count(),
        cases,
        heads: draft.heads,
        problems: draft.problems,
        toast: draft.toast,
        may_call: seat.may::<CallRoll>() && roll.day_closed_at.is_none(),
        may,
        comma: comma(seat.lang()),
        roll,
    }
}

/// Children who are known to be elsewhere in the school: the roll waits for them.
fn to_come(roll: &Roll) -> String {
    let is_near = |child: &&RollChild| {
        matches!(child.state.whereabouts(), Whereabouts::ElsewhereInSchool | Whereabouts::SickRoom)
    };
    let names = roll.children.iter().filter(is_near).map(|child| child.pupil.name.as_str());
    names.collect::<Vec<_>>().join("、")
}

/// A list of more children than this has a search.
const LONG: usize = 50;

/// Puts the tiles of this name first, the others after them in their order; how many there are.
fn found_first(tiles: &mut [Tile], find: &str) -> usize {
    if find.is_empty() {
        return 0;
    }
    tiles.sort_by_key(|tile| !tile.name.contains(find));
    tiles.iter().filter(|tile| tile.name.contains(find)).count()
}

/// The mark that was tapped and is not saved yet.
fn drafted(child: &RollChild, mentions: &[Mention]) -> Option<Mark> {
    let tapped = mentions.iter().find(|mention| mention.saying.student == child.pupil.id);
    tapped.map(|mention| mention.saying.said.mark()).filter(|mark| *mark != child.mark)
}

fn tile((lang, session): (Lang, &Session), child: &RollChild, mentions: &[Mention]) -> Tile {
    let drafted = drafted(child, mentions);
    let mark = drafted.unwrap_or(child.mark);
    // in a club of children of several classes, the class tells them apart
    let who = match child.pupil.class.filter(|_| session.class.is_none()) {
        Some(class) => people::words::class(lang, class, school_year(session.day)),
        None => child.pupil.seat_no.map(|number| number.to_string()).unwrap_or_default(),
    };
    let since = child.marked_by.filter(|_| mark == Mark::Late && drafted.is_none());
    let since = since.map(|sight| words::clock(sight.at)).unwrap_or_default();
    Tile {
        id: child.pupil.id.to_string(),
        name: child.pupil.name.clone(),
        below: format!("{who} {since}").trim().to_owned(),
        mark,
        saved: child.mark,
        drafted: drafted.is_some(),
        tappable: Said::after_tap(mark, child.mark, true).is_some(),
    }
}

/// Reads `id.word` and `id.word.millis`.
fn mentions(fields: &[String]) -> Result<Vec<Mention>, Fault> {
    let wrong = || Fault::malformed("m 要写成 编号.标记 或 编号.标记.毫秒");
    let mention = |field: &String| {
        let mut parts = field.split('.');
        let student = parts.next().and_then(StudentId::parse)?;
        let said = parts.next().and_then(Said::parse)?;
        let at: Option<Timestamp> = parts.next().and_then(|at| at.parse().ok()).and_then(from_millis);
        Some(Mention { saying: Saying { student, said }, at, fact: None })
    };
    fields.iter().map(|field| mention(field).ok_or_else(wrong)).collect()
}

/// A tap that no script took: the tile goes on to its next mark, and nothing is saved yet.
fn tap(mentions: &mut Vec<Mention>, roll: &Roll, student: StudentId) {
    let Some(child) = roll.children.iter().find(|child| child.pupil.id == student) else { return };
    let mark = drafted(child, mentions).unwrap_or(child.mark);
    mentions.retain(|mention| mention.saying.student != student);
    let said = Said::after_tap(mark, child.mark, roll.session.called_at.is_some());
    if let Some(said) = said {
        mentions.push(Mention { saying: Saying { student, said }, at: None, fact: None });
    }
}

fn toast(lang: Lang, saved_at: i64, rest: u32) -> Option<Toast> {
    from_millis(saved_at)?;
    let words = match rest {
        0 => lang.t("已存").to_owned(),
        rest => lang.fill("已把其余 {n} 人记为“到”", &[("n", &rest.to_string())]),
    };
    Some(Toast { words, saved_at: saved_at.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiles(names: &[&str]) -> Vec<Tile> {
        let tile = |name: &&str| Tile {
            id: String::new(),
            name: (*name).to_owned(),
            below: String::new(),
            mark: Mark::Unmarked,
            saved: Mark::Unmarked,
            drafted: false,
            tappable: true,
        };
        names.iter().map(tile).collect()
    }

    #[test]
    fn g2_who_is_looked_for_stands_first_and_the_others_keep_their_order() {
        let mut list = tiles(&["周一", "王小明", "李三", "王大力"]);
        assert_eq!(found_first(&mut list, "王"), 2);
        let names: Vec<&str> = list.iter().map(|tile| tile.name.as_str()).collect();
        assert_eq!(names, ["王小明", "王大力", "周一", "李三"]);
        assert_eq!(found_first(&mut list, "赵"), 0);
        assert_eq!(found_first(&mut list, ""), 0);
    }
}
