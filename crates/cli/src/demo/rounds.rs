//! Two rounds of choosing in the schools with a full catalogue: one of ranked wishes that is drawn and published, and
//! one of first come on the seats that are left, open on the demo's first day.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use kehou_app::allocation::round::{self, ChildRound, Draw};
use kehou_app::catalogue;
use kehou_db::Scope;
use kehou_domain::access::{ChooseOfferings, KeepRounds, ReadOfferings, ReadOwnChoices};
use kehou_domain::allocation::round::{Favours, Method, Setup, Way, WishList};
use kehou_domain::allocation::{Rules, Scheme};
use kehou_domain::ids::{RoundId, StudentId, TermId};
use kehou_domain::plan::SlotId;

use super::chance::Chance;
use super::joining::family;
use super::pupils::Pupil;
use super::site::{Site, act, at};

/// The first round: from a Monday to the Sunday evening of a lottery draw.
const RANKED: (Date, Date) = (date(2026, 9, 14), date(2026, 9, 20));
/// The second round.
const FIRST_COME: (Date, Date) = (date(2026, 10, 12), date(2026, 10, 16));
/// How many families choose: with more, the first start takes too long.
const FAMILIES: usize = 160;

/// Holds the rounds; a school without a catalogue has none.
pub(super) async fn hold(
    site: &Site,
    (term, office): (TermId, &Scope),
    (pupils, stay): (&[Pupil], &[StudentId]),
    chance: &mut Chance,
) -> anyhow::Result<()> {
    let office = |day, hour| office.at_moment(at(day, hour, 0));
    let Some(slot) = slot(&office(RANKED.0, 9), term).await? else { return Ok(()) };
    let ranked = setup(("第一轮：排志愿", Way::Ranked), slot.clone(), RANKED);
    let id = open(&office(RANKED.0, 9), term, ranked).await?;
    let staying: Vec<&Pupil> = pupils.iter().filter(|pupil| stay.contains(&pupil.id)).collect();
    let step = (staying.len() / FAMILIES).max(1);
    let first_class = staying.first().map(|pupil| pupil.class);
    for (number, pupil) in staying.iter().enumerate() {
        if number % step == 0 || Some(pupil.class) == first_class {
            wish(site, pupil, id, chance).await?;
        }
    }
    let drawn_on = date(2026, 9, 21);
    act::<KeepRounds, _, _>(&office(RANKED.1, 21), move |tx| round::seal(tx, id)).await?;
    let typed = Draw { beacon: "03 08 14 19 26 31 + 07".to_owned(), secret: None };
    act::<KeepRounds, _, _>(&office(drawn_on, 9), move |tx| round::draw(tx, id, &typed)).await?;
    act::<KeepRounds, _, _>(&office(drawn_on, 10), move |tx| round::publish(tx, id)).await?;
    // one more than the draw gave, so that whoever drew two can try it as well
    let second = setup(("第二轮：空名额先到先得", Way::FirstCome), slot, FIRST_COME);
    let first_come = Setup { weekly_limit: second.weekly_limit + 1, ..second };
    open(&office(date(2026, 10, 9), 9), term, first_come).await?;
    Ok(())
}

/// The slot in which most offerings meet once a week.
async fn slot(office: &Scope, term: TermId) -> anyhow::Result<Option<SlotId>> {
    let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offerings(tx, Some(term))).await?;
    let mut slots: BTreeMap<SlotId, usize> = BTreeMap::new();
    for line in found.iter().flat_map(|catalogue| &catalogue.lines) {
        if let [meeting] = line.offering.details.meetings.as_slice() {
            *slots.entry(meeting.slot.clone()).or_default() += 1;
        }
    }
    Ok(slots.into_iter().max_by_key(|(_, count)| *count).map(|(slot, _)| slot))
}

fn setup((name, way): (&str, Way), slot: SlotId, (from, to): (Date, Date)) -> Setup {
    let beacon = match way {
        Way::Ranked => "中国福利彩票双色球 2026 年 9 月 20 日的开奖号码",
        Way::FirstCome => "",
    };
    Setup {
        name: name.to_owned(),
        way,
        slot,
        weekly_limit: 2,
        method: Method::Deferred,
        scheme: Scheme::PerDay,
        rules: Rules::default(),
        favours: Favours::default(),
        opens_at: at(from, 12, 0),
        closes_at: at(to, 20, 0),
        beacon: beacon.to_owned(),
        hold: SignedDuration::from_mins(120),
    }
}

async fn open(office: &Scope, term: TermId, setup: Setup) -> anyhow::Result<RoundId> {
    let id = act::<KeepRounds, _, _>(office, move |tx| round::create(tx, term, &setup)).await?;
    act::<KeepRounds, _, _>(office, move |tx| round::announce(tx, id, None)).await?;
    Ok(id)
}

/// A family ranks up to three offerings for each day on which its child may come.
async fn wish(site: &Site, pupil: &Pupil, id: RoundId, chance: &mut Chance) -> anyhow::Result<()> {
    let (family, student) = (family(site, pupil, at(RANKED.0, 19, 0)).await?, pupil.id);
    let found = family.read::<ReadOwnChoices, _>(move |tx| round::for_child(tx, student)).await?;
    let Some(one) = found.rounds.iter().find(|one| one.round.id == id) else { return Ok(()) };
    let list = wishes(one, chance);
    if list.count() == 0 {
        return Ok(());
    }
    act::<ChooseOfferings, _, _>(&family, move |tx| round::write_wishes(tx, (id, student), &list)).await
}

fn wishes(one: &ChildRound, chance: &mut Chance) -> WishList {
    let mut list = WishList { weekly_limit: one.round.setup.weekly_limit, ..WishList::default() };
    for (weekday, day) in (1_i8..).zip(&mut list.days) {
        let fits = |place: u32| one.chooser.wish(weekday, place, &one.choosable).is_ok();
        let mut places: Vec<u32> =
            one.choosable.iter().map(|known| known.place).filter(|one| fits(*one)).collect();
        if one.chooser.on(weekday).is_err() {
            continue;
        }
        while !places.is_empty() && day.len() < 3 {
            // some are dearer to everybody: the earlier of two
            let at = chance.below(places.len()).min(chance.below(places.len()));
            day.push(places.remove(at));
        }
    }
    list
}
