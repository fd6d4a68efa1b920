//! A school whose clubs are published and whose three children stay on Tuesday and Thursday.

use jiff::civil::{Date, date, time};
use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, AnnounceRefused, ChildRound, Draw, DrawFailed, WriteRefused};
use kehou_app::catalogue::{self, Said};
use kehou_app::enrolment::{self, TakenOver};
use kehou_app::people::{self, NewStaff};
use kehou_db::Scope;
use kehou_db::testing::TestStore;
use kehou_domain::access::{
    ChooseOfferings, KeepOfferings, KeepRounds, KeepStaff, ReadOfferings, ReadOwnChoices, ReviewOfferings,
    TakeOverPapers,
};
use kehou_domain::allocation::draw::Hash;
use kehou_domain::allocation::round::{Favours, Method, Setup, StepRefused, Way, WishList};
use kehou_domain::allocation::{Rules, Scheme};
use kehou_domain::catalogue::{Details, Kind, Meeting, SexLimit, Topic, Verdict};
use kehou_domain::ids::{OfferingId, RoundId, StaffId, StudentId, TermId};
use kehou_domain::moment;
use kehou_domain::people::phone::Phone;
use kehou_domain::plan::{Grades, SlotId};

use crate::enrolment::world::{S4D, TUESDAY, World, at, doing, wish};

/// The day on which wishes close.
pub(super) const CLOSING: Date = date(2026, 9, 12);

pub(super) fn on(day: Date, hour: i8) -> Timestamp {
    moment::instant(day, time(hour, 0, 0, 0))
}

/// A school with chess (one seat) and football on Tuesday, and a choir on Thursday.
pub(super) struct Clubs<'a> {
    pub(super) world: World<'a>,
    pub(super) term: TermId,
}

pub(super) fn setup() -> Setup {
    Setup {
        name: "第一轮".to_owned(),
        way: Way::Ranked,
        slot: SlotId("afternoon".to_owned()),
        weekly_limit: 2,
        method: Method::Deferred,
        scheme: Scheme::PerDay,
        rules: Rules::default(),
        favours: Favours::default(),
        opens_at: on(TUESDAY, 19),
        closes_at: on(CLOSING, 20),
        beacon: "福利彩票双色球 9 月 13 日开奖号码".to_owned(),
        hold: SignedDuration::from_mins(30),
    }
}

impl<'a> Clubs<'a> {
    pub(super) async fn new(store: &'a TestStore, code: &'static str) -> Clubs<'a> {
        let world = World::open(store, code, S4D).await;
        let papers: Vec<TakenOver> = [world.an, world.ping, world.bo]
            .into_iter()
            .map(|student| TakenOver { student, choices: wish(student, &[2, 4]).choices })
            .collect();
        world
            .office
            .act::<TakeOverPapers, _, _>(move |tx| {
                enrolment::take_over(tx, &papers, date(2026, 10, 8), "3 号柜")
            })
            .await
            .unwrap()
            .unwrap();
        let setting = world.office.read::<ReadOfferings, _>(|tx| catalogue::setting_for_new(tx, None)).await;
        let clubs = Clubs { term: setting.unwrap().unwrap().term.id, world };
        for (title, weekday, capacity, phone) in [
            ("围棋社", 2, 1, "13700000011"),
            ("足球社", 2, 5, "13700000012"),
            ("合唱团", 4, 5, "13700000013"),
        ] {
            let teacher = clubs.teacher(title, phone).await;
            clubs.publish(club(title, weekday, capacity, teacher)).await;
        }
        clubs
    }

    pub(super) async fn teacher(&self, title: &'static str, phone: &'static str) -> StaffId {
        doing::<KeepStaff, _>(&self.world.office, move |tx| {
            let phone = Phone::parse(phone).unwrap();
            people::add_staff(tx, &NewStaff { name: format!("{}老师", &title[..3]), phone, roles: vec![] })
        })
        .await
        .unwrap()
    }

    pub(super) async fn publish(&self, details: Details) -> OfferingId {
        let (term, office) = (self.term, &self.world.office);
        let id = office
            .act::<KeepOfferings, _, _>(move |tx| catalogue::create(tx, term, &details))
            .await
            .unwrap()
            .unwrap();
        office.act::<KeepOfferings, _, _>(move |tx| catalogue::hand_in(tx, id)).await.unwrap().unwrap();
        let read = office.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await.unwrap();
        let said = Said { read: read.0.offering.version, verdict: Verdict::Publish, reason: String::new() };
        self.world
            .principal
            .act::<ReviewOfferings, _, _>(move |tx| catalogue::decide(tx, id, &said))
            .await
            .unwrap()
            .unwrap();
        id
    }

    pub(super) async fn round(&self, setup: Setup) -> RoundId {
        let term = self.term;
        let office = &self.world.office;
        office.act::<KeepRounds, _, _>(move |tx| round::create(tx, term, &setup)).await.unwrap().unwrap()
    }

    pub(super) async fn announce(&self, id: RoundId, own: Option<Hash>) -> Result<(), AnnounceRefused> {
        self.world.office.act::<KeepRounds, _, _>(move |tx| round::announce(tx, id, own)).await.unwrap()
    }

    /// A band of one seat that meets on Tuesday and Thursday: the second on the list of Tuesday.
    pub(super) async fn band(&self) {
        let teacher = self.teacher("管乐团", "13700000014").await;
        let thursday = Meeting { weekday: 4, slot: SlotId("afternoon".to_owned()) };
        let mut details = club("管乐团", 2, 1, teacher);
        details.meetings.push(thursday);
        self.publish(details).await;
    }

    /// The office at another moment.
    pub(super) fn office(&self, when: Timestamp) -> Scope {
        self.world.office.at_moment(when)
    }

    pub(super) async fn seal(&self, id: RoundId, when: Timestamp) -> Result<(), StepRefused> {
        self.office(when).act::<KeepRounds, _, _>(move |tx| round::seal(tx, id)).await.unwrap()
    }

    pub(super) async fn draw(
        &self,
        id: RoundId,
        when: Timestamp,
        typed: (&str, Option<Hash>),
    ) -> Result<(), DrawFailed> {
        let typed = Draw { beacon: typed.0.to_owned(), secret: typed.1 };
        self.office(when).act::<KeepRounds, _, _>(move |tx| round::draw(tx, id, &typed)).await.unwrap()
    }

    pub(super) async fn publish_round(&self, id: RoundId, when: Timestamp) -> Result<(), StepRefused> {
        self.office(when).act::<KeepRounds, _, _>(move |tx| round::publish(tx, id)).await.unwrap()
    }
}

pub(super) fn club(title: &str, weekday: i8, capacity: u16, teacher: StaffId) -> Details {
    Details {
        title: title.to_owned(),
        kind: Kind::Club,
        topic: Topic::BoardGames,
        meetings: vec![Meeting { weekday, slot: SlotId("afternoon".to_owned()) }],
        venue: format!("{title}活动室"),
        teacher: Some(teacher),
        capacity,
        minimum: 1,
        grades: Grades::of([3, 4]),
        sex: SexLimit::Anyone,
        description: "一起玩。".to_owned(),
        materials: "不用带".to_owned(),
        cost: None,
    }
}

/// Writes wishes in the evening of the first day.
pub(super) async fn write(
    family: &Scope,
    (round, student): (RoundId, StudentId),
    (limit, text): (u8, &str),
) -> Result<(), WriteRefused> {
    let list = WishList::read(limit, text).unwrap();
    family
        .at_moment(at(TUESDAY) + SignedDuration::from_hours(2))
        .act::<ChooseOfferings, _, _>(move |tx| round::write_wishes(tx, (round, student), &list))
        .await
        .unwrap()
}

/// The only round as a family sees it.
pub(super) async fn seen(family: &Scope, student: StudentId, when: Timestamp) -> ChildRound {
    let found =
        family.at_moment(when).read::<ReadOwnChoices, _>(move |tx| round::for_child(tx, student)).await;
    found.unwrap().rounds.remove(0)
}
