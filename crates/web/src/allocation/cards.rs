//! What a family sees of a round: the day's offerings as cards, its own lists, its answers, its proof.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_app::allocation::round::{Answer, AnswerCutoff, AnswerReason, ChildRound, Held, Offered, Waits};
use kehou_db::hex;
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::{Share, Stage, Way};
use kehou_domain::moment;
use kehou_domain::plan::Plan;

use super::round::kept;
use super::said;
use crate::catalogue::words::{self as of_catalogue, weekday};
use crate::dates;
use crate::lang::Lang;
use crate::plan::words as plan_words;

/// An offering as a card.
pub(super) struct Card {
    pub(super) place: u32,
    pub(super) title: String,
    pub(super) icon: &'static str,
    pub(super) tile: &'static str,
    pub(super) area: &'static str,
    pub(super) when: String,
    pub(super) venue: String,
    pub(super) teacher: String,
    pub(super) grades: String,
    pub(super) description: String,
    /// How full it is, for the bar and in words; up to the seats in one colour, beyond in another.
    pub(super) meter: (String, String, String),
    pub(super) counts: String,
    /// What is to be known of it: more come than there are seats, or too few.
    pub(super) hint: Option<&'static str>,
    /// What no child has besides it.
    pub(super) apart: Option<String>,
    /// Why this child may not take it.
    pub(super) not_for: Option<String>,
    /// Its rank among the child's wishes of the day, from 1.
    pub(super) rank: usize,
    /// What can be done.
    pub(super) act: Act,
}

/// What a family can do with an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Nothing now.
    Nothing,
    /// Puts it on the list.
    Wish,
    /// Takes a seat; the words of the button.
    Claim(&'static str),
    /// Has a seat to confirm, until then.
    Confirm(String),
    /// Has the seat.
    Has,
    /// Waits; how many come before, in words.
    Waits(String),
    /// A seat is kept until then.
    Accept(String),
}

/// The wishes of a day.
pub(super) struct DayList {
    pub(super) name: &'static str,
    /// Place, title, whether first, whether last.
    pub(super) wishes: Vec<(u32, String, bool, bool)>,
}

/// One wish, answered.
pub(super) struct AnswerRow {
    pub(super) day: &'static str,
    pub(super) title: String,
    pub(super) ended: (&'static str, &'static str, &'static str),
    pub(super) why: String,
    pub(super) change: Option<String>,
    /// The own ticket and the cut-off.
    pub(super) ticket: String,
    pub(super) cutoff: Option<String>,
}

/// What a family keeps to check the draw with.
pub(super) struct Proof {
    pub(super) number: u64,
    pub(super) salt: String,
    pub(super) line: String,
    pub(super) way: String,
    pub(super) root: String,
    pub(super) said: String,
}

/// The weekdays on which the round offers something, Monday first.
pub(super) fn days(offered: &[Offered]) -> Vec<i8> {
    let mut days: Vec<i8> = offered.iter().map(|one| one.listed.weekday()).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The offerings of the day: those that the child may take first.
pub(super) fn of_day(
    (lang, plan): (Lang, Option<&Plan>),
    one: &ChildRound,
    day: i8,
    now: Timestamp,
) -> Vec<Card> {
    let today = moment::day_of(now);
    let on_day = one.offered.iter().filter(|offered| offered.listed.weekday() == day);
    let mut cards: Vec<Card> = on_day.map(|offered| card((lang, plan), one, offered, today)).collect();
    cards.sort_by_key(|card| card.not_for.is_some());
    cards
}

fn card((lang, plan): (Lang, Option<&Plan>), one: &ChildRound, offered: &Offered, today: Date) -> Card {
    let details = &offered.details;
    let (icon, tile) = of_catalogue::tile(details.topic.area());
    let own = one.choosable.iter().find(|known| known.place == offered.listed.place);
    let refused = one.chooser.may_have(own.expect("each offering stands before the child")).err();
    let rank = rank(one, offered.listed.place);
    Card {
        place: offered.listed.place,
        title: details.title.clone(),
        icon,
        tile,
        area: of_catalogue::area(details.topic.area()),
        when: plan.map(|plan| of_catalogue::meetings(lang, plan, details, today)).unwrap_or_default(),
        venue: details.venue.clone(),
        teacher: offered.teacher_name.clone(),
        grades: plan_words::grades(lang, details.grades),
        description: details.description.clone(),
        meter: meter(lang, one, offered),
        counts: counts(lang, one, offered),
        hint: hint(one, offered),
        apart: apart(lang, one, offered),
        act: if refused.is_some() { Act::Nothing } else { act(lang, one, (offered, rank)) },
        not_for: refused.map(|fault| said::wish_fault(lang, fault, &one.offered)),
        rank,
    }
}

/// What else of the round no child has besides it, in words.
fn apart(lang: Lang, one: &ChildRound, offered: &Offered) -> Option<String> {
    let others = one.offered.iter().filter(|other| offered.apart.contains(&other.id));
    let titles: Vec<&str> = others.map(|other| other.details.title.as_str()).collect();
    if titles.is_empty() {
        return None;
    }
    Some(lang.fill("和{titles}不能都要", &[("titles", &titles.join(of_catalogue::comma(lang)))]))
}

/// The wishes of the list of which the child gets one at most, in words: better known before the draw than after.
pub(super) fn clashes(lang: Lang, one: &ChildRound) -> Vec<String> {
    let wished: Vec<&Offered> =
        one.offered.iter().filter(|offered| 0 < rank(one, offered.listed.place)).collect();
    let mut clashes = Vec::new();
    for (at, first) in wished.iter().enumerate() {
        for other in wished[at + 1..].iter().filter(|other| first.apart.contains(&other.id)) {
            let values = [("one", first.details.title.as_str()), ("other", other.details.title.as_str())];
            clashes.push(lang.fill("“{one}”和“{other}”不能都要：选上一门，另一门就不给了。", &values));
        }
    }
    clashes
}

fn rank(one: &ChildRound, place: u32) -> usize {
    let lists = one.list.iter().flat_map(|list| &list.days);
    let ranks = lists.filter_map(|day| day.iter().position(|known| *known == place));
    ranks.map(|at| at + 1).next().unwrap_or(0)
}

/// Widths of the two bars in hundredths, and the words for those who cannot see them.
fn meter(lang: Lang, one: &ChildRound, offered: &Offered) -> (String, String, String) {
    let (seats, come) = counted(one, offered);
    let seats = seats.max(1);
    let scale = come.max(seats);
    let share = |part: u32| format!("{:.1}", f64::from(part) * 100.0 / f64::from(scale));
    let within = come.min(seats);
    (share(within), share(come - within), counts(lang, one, offered))
}

/// The seats that whoever looks at them can have, and how many wish for them first or have them.
fn counted(one: &ChildRound, offered: &Offered) -> (u32, u32) {
    let listed = &offered.listed;
    match one.round.setup.way {
        Way::Ranked => (u32::from(listed.seats.capacity), listed.wished.0),
        Way::FirstCome => {
            let (seats, taken) = listed.seats.counted(Share::of(one.by, one.stage));
            (u32::from(seats), u32::from(taken))
        }
    }
}

fn counts(lang: Lang, one: &ChildRound, offered: &Offered) -> String {
    let (seats, n) = counted(one, offered);
    let text = match one.round.setup.way {
        Way::Ranked => "名额 {seats} · 第一志愿 {n}",
        Way::FirstCome => "名额 {seats} · 已有 {n}",
    };
    let known = lang.fill(text, &[("seats", &seats.to_string()), ("n", &n.to_string())]);
    let kept = if one.by == Channel::Office { kept(offered, one.stage) } else { 0 };
    if kept == 0 {
        return known;
    }
    let left = lang.fill("还留着 {n} 个给学校代填的", &[("n", &kept.to_string())]);
    format!("{known} · {left}")
}

fn hint(one: &ChildRound, offered: &Offered) -> Option<&'static str> {
    let listed = &offered.listed;
    if one.round.setup.way == Way::FirstCome || one.stage != Stage::Open {
        return None;
    }
    let (first, all) = listed.wished;
    if u32::from(listed.seats.capacity) < first {
        Some("报的人多，可能要抽签")
    } else if 0 < all && all < u32::from(listed.minimum) {
        Some("报的人还不够开班")
    } else {
        None
    }
}

fn act(lang: Lang, one: &ChildRound, (offered, rank): (&Offered, usize)) -> Act {
    if one.stage != Stage::Open {
        return Act::Nothing;
    }
    if one.round.setup.way == Way::Ranked {
        return if rank == 0 { Act::Wish } else { Act::Nothing };
    }
    if let Some(held) = one.held.iter().find(|held| held.offering == offered.id) {
        return holding(lang, held);
    }
    if let Some(waits) = one.line.iter().find(|waits| waits.offering == offered.id) {
        return waiting(lang, waits);
    }
    let is_free = 0 < offered.listed.seats.free(Share::of(one.by, one.stage));
    Act::Claim(if is_free { "要这个名额" } else { "排队等名额" })
}

fn holding(lang: Lang, held: &Held) -> Act {
    held.until.map_or(Act::Has, |until| Act::Confirm(dates::moment(lang, until)))
}

fn waiting(lang: Lang, waits: &Waits) -> Act {
    match waits.offered_until {
        Some(until) => Act::Accept(dates::moment(lang, until)),
        None => Act::Waits(lang.fill("前面还有 {n} 个", &[("n", &waits.before.to_string())])),
    }
}

/// The child's wishes, day by day.
pub(super) fn lists(lang: Lang, one: &ChildRound) -> Vec<DayList> {
    let Some(list) = &one.list else { return Vec::new() };
    let title = |place: u32| {
        let known = one.offered.iter().find(|offered| offered.listed.place == place);
        known.map_or_else(String::new, |offered| offered.details.title.clone())
    };
    let of_day = |(day, places): (i8, &Vec<u32>)| DayList {
        name: weekday(lang, day),
        wishes: places
            .iter()
            .enumerate()
            .map(|(at, place)| (*place, title(*place), at == 0, at + 1 == places.len()))
            .collect(),
    };
    (1..).zip(&list.days).filter(|(_, places)| !places.is_empty()).map(of_day).collect()
}

/// One answer as a row.
pub(super) fn answer(lang: Lang, answer: &Answer, offered: &[Offered]) -> AnswerRow {
    let of = offered.iter().find(|one| one.listed.place == answer.place);
    let cutoff = match answer.cutoff {
        AnswerCutoff::Last(place)
            if answer.reason == AnswerReason::Full
                && (place.tier, place.goes_on) == (answer.own.tier, answer.own.goes_on) =>
        {
            Some(lang.fill("最后一位的签：{ticket}", &[("ticket", &said::ticket(place.ticket))]))
        }
        AnswerCutoff::Kept(Some(place))
            if answer.reason == AnswerReason::Full
                && (place.tier, place.goes_on) == (answer.own.tier, answer.own.goes_on) =>
        {
            let text = "留的名额另算，其余名额里最后一位的签：{ticket}";
            Some(lang.fill(text, &[("ticket", &said::ticket(place.ticket))]))
        }
        AnswerCutoff::Last(_)
        | AnswerCutoff::Kept(_)
        | AnswerCutoff::Free
        | AnswerCutoff::NoSeats
        | AnswerCutoff::Closed => None,
    };
    AnswerRow {
        day: of.map_or("", |one| weekday(lang, one.listed.weekday())),
        title: of.map_or_else(String::new, |one| one.details.title.clone()),
        ended: said::ended(answer.reason),
        why: said::why(lang, answer, offered),
        change: said::change(lang, answer.change),
        ticket: lang.fill("孩子的签：{ticket}", &[("ticket", &said::ticket(answer.own.ticket))]),
        cutoff,
    }
}

/// The receipt, once the applications are sealed.
pub(super) fn proof(lang: Lang, one: &ChildRound) -> Option<Proof> {
    let receipt = one.receipt.as_ref()?;
    let (root, count) = one.round.sealed?;
    let (line, way) = receipt.sealed.clone()?;
    let text = "这份申请是封存的 {n} 份里的一份。谁都不能在截止以后改动、添加或拿走一份而不被发现。";
    Some(Proof {
        number: receipt.number,
        salt: receipt.salt.clone(),
        line,
        way,
        root: hex(&root),
        said: lang.fill(text, &[("n", &count.to_string())]),
    })
}
