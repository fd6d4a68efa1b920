//! The gate: today's children, the verdict on who stands there, and letting go (H1–H3, H10, C2).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time, time};
use kehou_db::{Event, Result, SchoolTx, Tx};
use kehou_domain::access::{ReleaseChild, WatchGate};
use kehou_domain::custody::{Check, Handing, Receiver, Sight, State, What, Whereabouts};
use kehou_domain::dismissal::{
    self, CannotTakeBack, Child, Collector, Delegate, Leave, Restriction, Verdict, Why,
};
use kehou_domain::ids::{FactId, SessionId, StopId, StudentId};
use kehou_domain::moment;
use kehou_domain::people::cell::squeeze;
use kehou_domain::people::class;
use kehou_domain::plan::ReleaseMode;
use serde_json::json;

use super::released::{tell_guardians, word_of};
use super::restriction::restrictions_of;
use super::rows::Way;
use super::stop::write_down;
use super::{Agreement, ChildCard, GuardianCard, LeaderCard, StopCard, rows, unclosed, ways_home, worked_on};
use crate::{attendance, custody};

/// How many days an ended delegation is still shown as ended at the gate, rather than as unknown.
const REMEMBERED_DAYS: i64 = 30;

/// The end of a day, for what is written down after it.
const LAST_MINUTE: Time = time(23, 59, 0, 0);

/// What the gate looks for in the day's list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Only the children of this wave.
    pub wave: Option<Timestamp>,
    /// Only children whose name or class holds this text.
    pub find: String,
    /// An earlier day that was not closed; without one, today.
    pub day: Option<Date>,
}

/// The day's children as the gate sees them: least data.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The day.
    pub day: Date,
    /// The waves, the earliest first.
    pub waves: Vec<Wave>,
    /// The children that were looked for, those still in school first.
    pub children: Vec<GateChild>,
    /// How many are to be let go today.
    pub to_go: usize,
    /// How many have gone.
    pub gone: usize,
    /// Other days that were not closed, the oldest first (H9).
    pub earlier: Vec<Date>,
}

/// One wave with how far it is (C2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// When it goes.
    pub at: Timestamp,
    /// The grades in it.
    pub grades: Vec<u8>,
    /// How many children are to go in it.
    pub to_go: usize,
    /// How many have gone.
    pub gone: usize,
}

/// One child on the gate's list.
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own on the line")]
#[derive(Debug, Clone)]
pub struct GateChild {
    /// The child.
    pub child: ChildCard,
    /// The group of the last session.
    pub group: String,
    /// The last session.
    pub session: SessionId,
    /// When the child's wave goes.
    pub wave_at: Timestamp,
    /// Where the child is.
    pub whereabouts: Whereabouts,
    /// What that was learnt from.
    pub learnt: Option<Sight>,
    /// Whether nobody had come in time, so that somebody stayed with the child (H6).
    pub stayed_late: bool,
    /// The delegates of today: name and relation.
    pub delegates: Vec<(String, String)>,
    /// Whether a consent lets the child go alone or by bus.
    pub consented: Option<ReleaseMode>,
    /// Whether there is someone who must not collect the child.
    pub restricted: bool,
    /// Whether a stop holds the child.
    pub held: bool,
    /// Whether a stop of the day still waits for somebody's word, holding the child or not.
    pub stopped: bool,
}

/// Someone who may stand there, with the verdict.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who it is.
    pub collector: Collector,
    /// The name; empty for nobody and for the bus.
    pub name: String,
    /// What they are to the child.
    pub relation: String,
    /// Whether they may take the child now.
    pub verdict: Verdict,
}

/// One child at the gate.
#[derive(Debug, Clone)]
pub struct AtGate {
    /// The day.
    pub day: Date,
    /// The child.
    pub child: ChildCard,
    /// The group of the last session and its teacher.
    pub group: String,
    /// The teacher's name.
    pub teacher: Option<String>,
    /// When the child's wave goes.
    pub wave_at: Timestamp,
    /// The day's facts, added up.
    pub state: State,
    /// Who may come.
    pub candidates: Vec<Candidate>,
    /// The guardians to call.
    pub guardians: Vec<GuardianCard>,
    /// Those who lead the duty, to call.
    pub leaders: Vec<LeaderCard>,
    /// Today's stops of the child.
    pub stops: Vec<StopCard>,
    /// On whose word on the telephone somebody may come today.
    pub agreements: Vec<Agreement>,
    /// The release that whoever looks may take back now, or why not.
    pub release: std::result::Result<FactId, CannotTakeBack>,
}

/// What came of a wish to let a child go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseOutcome {
    /// Let go.
    Released,
    /// Stopped, and written down.
    Stopped(StopId),
    /// Not let go, with nothing to write down: gone already, too early, or held over somebody else.
    NotNow(Why),
}

/// H3, C2: the children of today, for the gate.
pub fn gate(tx: &mut Tx<WatchGate>, look: &Look) -> Result<Gate> {
    let day = worked_on(tx, look.day)?;
    let (everyone, _) = everyone(tx, day)?;
    let mut waves: BTreeMap<Timestamp, Wave> = BTreeMap::new();
    for child in everyone.iter().filter(|child| child.whereabouts.is_to_go()) {
        let wave = waves.entry(child.wave_at).or_insert_with(|| Wave {
            at: child.wave_at,
            grades: Vec::new(),
            to_go: 0,
            gone: 0,
        });
        wave.to_go += 1;
        wave.gone += usize::from(child.whereabouts.has_gone());
        wave.grades.extend(child.child.grade.filter(|grade| !wave.grades.contains(grade)));
    }
    let (to_go, gone) =
        waves.values().fold((0, 0), |(to_go, gone), wave| (to_go + wave.to_go, gone + wave.gone));
    let mut children: Vec<GateChild> =
        everyone.into_iter().filter(|child| is_looked_for(child, look, day)).collect();
    children.sort_by_key(|child| (child.whereabouts.has_gone(), child.wave_at));
    let mut earlier = unclosed(tx)?;
    earlier.retain(|other| *other != day);
    Ok(Gate { day, waves: waves.into_values().collect(), children, to_go, gone, earlier })
}

/// Everyone who is expected on the day, once; and the day's stops.
pub(super) fn everyone(tx: &mut SchoolTx, day: Date) -> Result<(Vec<GateChild>, Vec<StopCard>)> {
    let ways = ways_home(tx, day)?;
    let states = custody::states_on(tx, day)?;
    let placed = rows::placed_on(tx, day)?;
    let known = known_ways(rows::ways_on(tx, day)?);
    let stops = rows::stops_on(tx, day)?;
    let mut children: BTreeMap<StudentId, GateChild> = BTreeMap::new();
    let mut order = Vec::new();
    for placed in placed {
        let id = placed.child.id;
        let state = states.get(&id);
        if children.contains_key(&id) && state.is_some_and(|state| state.mark(placed.session).is_none()) {
            continue;
        }
        if !children.contains_key(&id) {
            order.push(id);
        }
        let whereabouts = state.map_or(Whereabouts::Unseen, State::whereabouts);
        let own = || stops.iter().filter(|stop| stop.student == id);
        let (known, modes) = (known.get(&id), ways.modes(placed.child.grade));
        let consented = known.and_then(|known| known.consented).filter(|mode| modes.contains(mode));
        let delegates = known.filter(|_| modes.contains(&ReleaseMode::Delegate));
        children.insert(
            id,
            GateChild {
                group: placed.group,
                session: placed.session,
                wave_at: ways.wave(placed.child.grade, placed.ends_at),
                whereabouts,
                learnt: state.and_then(State::learnt_from),
                stayed_late: state.is_some_and(|state| state.stayed_late.is_some()),
                delegates: delegates.map(|known| known.collectors_on(day)).unwrap_or_default(),
                consented,
                restricted: known.is_some_and(|known| !known.restrictions.is_empty()),
                held: own().any(StopCard::holds),
                stopped: own().any(|stop| stop.as_stop().waits(whereabouts)),
                child: placed.child,
            },
        );
    }
    Ok((order.into_iter().filter_map(|id| children.remove(&id)).collect(), stops))
}

/// What is known of one child's way home.
#[derive(Default)]
struct KnownWays {
    /// Those named for the day, each with the name of the guardian who named it.
    delegates: Vec<(Delegate, String)>,
    consented: Option<ReleaseMode>,
    restrictions: Vec<Restriction>,
}

impl KnownWays {
    /// The delegates whom the list may name: name and relation (H3).
    fn collectors_on(&self, day: Date) -> Vec<(String, String)> {
        let may =
            |(delegate, giver): &&(Delegate, String)| delegate.collects_on(day, giver, &self.restrictions);
        let named = self.delegates.iter().filter(may);
        named.map(|(delegate, _)| (delegate.name.clone(), delegate.relation.clone())).collect()
    }
}

fn known_ways(ways: Vec<(StudentId, Way)>) -> BTreeMap<StudentId, KnownWays> {
    let mut known: BTreeMap<StudentId, KnownWays> = BTreeMap::new();
    for (student, way) in ways {
        let of = known.entry(student).or_default();
        match way {
            Way::Delegate(delegate, giver) => of.delegates.push((delegate, giver)),
            Way::Consent(mode) => of.consented = Some(mode),
            Way::Restricted(restriction) => of.restrictions.push(restriction),
        }
    }
    known
}

fn is_looked_for(child: &GateChild, look: &Look, day: Date) -> bool {
    let find = squeeze(&look.find).to_lowercase();
    let in_wave = look.wave.is_none_or(|wave| wave == child.wave_at);
    let found = || {
        find.is_empty()
            || squeeze(&child.child.name).to_lowercase().contains(&find)
            || squeeze(&child.group).to_lowercase().contains(&find)
            || is_of_class(child, (&find, day))
    };
    in_wave && child.whereabouts.is_to_go() && found()
}

/// Whether the text names the child's class, however it is written: 三（2）班, 三2班, 3.2, 302.
fn is_of_class(child: &GateChild, (find, day): (&str, Date)) -> bool {
    let Some(class) = child.child.class else { return false };
    let named =
        class::class_within(find).and_then(|name| name.key(class::school_year(day), class.stage).ok());
    named == Some(class)
}

/// H1–H3: one child with everyone who may come for it.
pub fn child_at_gate(tx: &mut Tx<WatchGate>, student: StudentId, day: Option<Date>) -> Result<AtGate> {
    let day = worked_on(tx, day)?;
    at_gate(tx, student, day)
}

/// One child on a day, whether the day is worked on or not.
pub(super) fn at_gate(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<AtGate> {
    let loaded = load(tx, student, day)?;
    let candidates = candidates(&loaded, decided_at(tx, day));
    let release = super::take_back::to_take_back(tx, day, &loaded.state)?;
    Ok(AtGate {
        day,
        group: loaded.group,
        teacher: loaded.teacher,
        wave_at: loaded.wave_at,
        state: loaded.state,
        candidates,
        guardians: loaded.guardians,
        leaders: rows::leaders(tx)?,
        stops: loaded.stops,
        agreements: rows::agreements(tx, student, day)?,
        release,
        child: loaded.card,
    })
}

/// One child with all that the verdict depends on.
pub(super) struct Loaded {
    pub(super) day: Date,
    pub(super) card: ChildCard,
    group: String,
    teacher: Option<String>,
    session: SessionId,
    wave_at: Timestamp,
    state: State,
    pub(super) guardians: Vec<GuardianCard>,
    pub(super) stops: Vec<StopCard>,
    pub(super) child: Child,
}

/// The moment by which a day's questions are answered: now, or the last minute of an earlier day that goes on.
fn decided_at(tx: &SchoolTx, day: Date) -> Timestamp {
    if day < tx.today() { moment::instant(day, LAST_MINUTE) } else { tx.at() }
}

fn load(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<Loaded> {
    let ways = ways_home(tx, day)?;
    let state = custody::state_of(tx, student, day)?;
    let mut placed = super::home::on_lists(rows::placed_child(tx, student, day)?, &state);
    let placed = placed.pop().ok_or(kehou_db::Error::NotFound)?;
    let guardians = rows::guardians(tx, student)?;
    let stops = rows::stops_of(tx, student, day)?;
    let wave_at = ways.wave(placed.child.grade, placed.ends_at);
    let child = Child {
        whereabouts: state.whereabouts(),
        wave_at: Some(wave_at),
        early_leave: state.early_leave.is_some(),
        guardians: guardians.iter().map(|guardian| guardian.id).collect(),
        delegates: rows::delegates(tx, student, remembered_since(day))?,
        restrictions: restrictions_of(tx, student, &guardians)?,
        consents: rows::consents(tx, student)?.into_iter().map(|given| given.consent).collect(),
        modes: ways.modes(placed.child.grade),
        stops: stops.iter().map(StopCard::as_stop).collect(),
    };
    Ok(Loaded {
        day,
        card: placed.child,
        group: placed.group,
        teacher: placed.teacher,
        session: placed.session,
        wave_at,
        state,
        guardians,
        stops,
        child,
    })
}

fn remembered_since(today: Date) -> Date {
    today.checked_sub(jiff::Span::new().days(REMEMBERED_DAYS)).unwrap_or(today)
}

fn candidates(loaded: &Loaded, at: Timestamp) -> Vec<Candidate> {
    let own = loaded
        .guardians
        .iter()
        .map(|guardian| (Collector::Guardian(guardian.id), guardian.name.clone(), guardian.relation.clone()));
    let named = dismissal::shown_on(&loaded.child.delegates, loaded.day)
        .map(|delegate| (Collector::Delegate(delegate.id), delegate.name.clone(), delegate.relation.clone()));
    let without = [(Collector::Alone, ReleaseMode::Alone), (Collector::Bus, ReleaseMode::Bus)];
    let without = without
        .into_iter()
        .filter(|(_, mode)| loaded.child.modes.contains(mode))
        .map(|(collector, _)| (collector, String::new(), String::new()));
    own.chain(named)
        .chain(without)
        .map(|(collector, name, relation)| {
            let verdict = dismissal::may_take(&collector, &loaded.child, at);
            Candidate { collector, name, relation, verdict }
        })
        .collect()
}

/// H3: who stands there is looked up, and a stop is written down and told before anything else happens.
pub fn check(
    tx: &mut Tx<ReleaseChild>,
    (student, day): (StudentId, Option<Date>),
    collector: &Collector,
) -> Result<ReleaseOutcome> {
    rows::hold_child(tx, student)?;
    let day = worked_on(tx, day)?;
    let loaded = load(tx, student, day)?;
    let collector = standing(tx, &loaded, collector)?;
    match dismissal::may_take(&collector, &loaded.child, decided_at(tx, day)) {
        Verdict::Release(_) => Ok(ReleaseOutcome::Released),
        Verdict::Stop { why, .. } => stopped(tx, &loaded, &collector, why),
    }
}

/// H3: who stands there by the roster of now. Whoever was a guardian or a delegate of the child and is none any more, as
/// on a page that was opened before, is somebody on no list, by the name that the page knew.
fn standing(tx: &mut SchoolTx, loaded: &Loaded, collector: &Collector) -> Result<Collector> {
    let child = loaded.card.id;
    match collector {
        Collector::Guardian(id) if !loaded.child.guardians.contains(id) => {
            rows::former_guardian(tx, child, *id).map(Collector::Unnamed)
        }
        Collector::Delegate(id) if !loaded.child.delegates.iter().any(|delegate| delegate.id == *id) => {
            rows::former_delegate(tx, child, *id).map(Collector::Unnamed)
        }
        Collector::Guardian(_)
        | Collector::Delegate(_)
        | Collector::Alone
        | Collector::Bus
        | Collector::Unnamed(_) => Ok(collector.clone()),
    }
}

/// H1, H2, H10: lets the child go, or stops: hold the child, load the facts, decide, save, in one transaction.
///
/// A stop is saved too, so it is an outcome and not a refusal.
pub fn release(
    tx: &mut Tx<ReleaseChild>,
    (student, day): (StudentId, Option<Date>),
    collector: &Collector,
    checked: Check,
) -> Result<ReleaseOutcome> {
    rows::hold_child(tx, student)?;
    let day = worked_on(tx, day)?;
    let loaded = load(tx, student, day)?;
    let collector = standing(tx, &loaded, collector)?;

    let leave = match dismissal::may_take(&collector, &loaded.child, decided_at(tx, day)) {
        Verdict::Release(leave) => leave,
        Verdict::Stop { why, .. } => return stopped(tx, &loaded, &collector, why),
    };

    if let Some((early, _)) = loaded.state.early_leave.filter(|_| decided_at(tx, day) < loaded.wave_at) {
        attendance::goes_early(tx, early)?;
    }
    custody::record(tx, day, (student, Some(loaded.session)), what_happens(leave, checked))?;
    attendance::seen_again(tx, &[student])?;
    let facts = json!({ "leave": word_of(leave), "checked": checked.word() });
    tx.event(Event::of::<ReleaseChild>(student).facts(facts))?;
    tell_guardians(tx, &loaded, leave)?;
    Ok(ReleaseOutcome::Released)
}

fn what_happens(leave: Leave, checked: Check) -> What {
    let handing = |to: Receiver| What::LetThrough(Handing { to, checked, place: String::new() });
    match leave {
        Leave::WithGuardian(guardian) => handing(Receiver::Guardian(guardian)),
        Leave::WithDelegate(delegate) => handing(Receiver::Delegate(delegate)),
        Leave::Alone => What::WentAlone,
        Leave::ByBus => What::TookBus,
    }
}

/// Gone already, too early and not called yet are answers; anything else is a stop, and is written down.
fn stopped(tx: &mut SchoolTx, loaded: &Loaded, collector: &Collector, why: Why) -> Result<ReleaseOutcome> {
    if matches!(why, Why::Gone | Why::NotCalled | Why::TooEarly { .. }) {
        return Ok(ReleaseOutcome::NotNow(why));
    }
    let stop = write_down(tx, loaded, collector, &why)?;
    Ok(stop.map_or(ReleaseOutcome::NotNow(why), ReleaseOutcome::Stopped))
}
