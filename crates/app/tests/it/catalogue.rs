//! Offerings from draft to published on both engines: who decides, what is kept, and one venue for one at a time.

use jiff::civil::date;
use kehou_app::allocation::round;
use kehou_app::calendar::{self, NewTerm};
use kehou_app::catalogue::import::{
    self, Column, Counts, FileRefused, ImportRefused, Table, Verdict as Becomes, Why, Wish, Words,
};
use kehou_app::catalogue::{self, Copied, CopyRefused, HandInRefused, KeepRefused, Said};
use kehou_app::people;
use kehou_app::people::import::Refused;
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{
    KeepCalendar, KeepOfferings, KeepOwnAccount, KeepStaff, ReadCatalogue, ReadOfferings, ReviewOfferings,
    Role, SeeOpenWork,
};
use kehou_domain::agenda::Matter;
use kehou_domain::allocation::round::{Retire, RetireRefused};
use kehou_domain::catalogue::{
    Concern, DecideRefused, Details, Fault, Flag, Kind, Lack, Meeting, Over, Part, SexLimit, Status, Step,
    Topic, Verdict,
};
use kehou_domain::ids::{EntityId, ImportId, OfferingId, StaffId, TermId};
use kehou_domain::plan::{Banned, Grades, SlotId};

use crate::enrolment::world::{S4A, S4D, TUESDAY, World, at, doing};

async fn term(office: &Scope) -> TermId {
    let setting = office.read::<ReadOfferings, _>(|tx| catalogue::setting_for_new(tx, None)).await.unwrap();
    setting.unwrap().term.id
}

async fn teacher(office: &Scope) -> StaffId {
    office.read::<ReadOfferings, _>(catalogue::teachers).await.unwrap()[0].id
}

async fn chess(office: &Scope) -> Details {
    Details {
        title: "围棋社".to_owned(),
        kind: Kind::Club,
        topic: Topic::BoardGames,
        meetings: vec![Meeting { weekday: 2, slot: SlotId("afternoon".to_owned()) }],
        venue: "博艺楼 302".to_owned(),
        teacher: Some(teacher(office).await),
        capacity: 20,
        minimum: 8,
        grades: Grades::of([3, 4]),
        sex: SexLimit::Anyone,
        description: "学下围棋。".to_owned(),
        materials: "不用带".to_owned(),
        cost: None,
    }
}

async fn write(office: &Scope, details: Details) -> Result<OfferingId, KeepRefused> {
    let term = term(office).await;
    office.act::<KeepOfferings, _, _>(move |tx| catalogue::create(tx, term, &details)).await.unwrap()
}

async fn hand_in(office: &Scope, id: OfferingId) -> Result<(), HandInRefused> {
    office.act::<KeepOfferings, _, _>(move |tx| catalogue::hand_in(tx, id)).await.unwrap()
}

async fn version(office: &Scope, id: OfferingId) -> u32 {
    let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await.unwrap();
    found.0.offering.version
}

async fn decide(
    reviewer: &Scope,
    id: OfferingId,
    (read, verdict, reason): (u32, Verdict, &str),
) -> Result<Status, DecideRefused> {
    let said = Said { read, verdict, reason: reason.to_owned() };
    reviewer.act::<ReviewOfferings, _, _>(move |tx| catalogue::decide(tx, id, &said)).await.unwrap()
}

async fn go(office: &Scope, id: OfferingId, step: Step) -> Result<Status, RetireRefused> {
    let wish = Retire { step, agreed: None, reason: String::new() };
    office.act::<KeepOfferings, _, _>(move |tx| round::retire(tx, id, &wish)).await.unwrap()
}

async fn published(scope: &Scope) -> Vec<String> {
    let found = scope.read::<ReadCatalogue, _>(catalogue::published).await.unwrap().unwrap();
    found.lines.into_iter().map(|line| line.offering.details.title).collect()
}

#[tokio::test]
async fn an_offering_is_published_by_another_than_its_author_and_the_flags_are_kept() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let title = "奥数思维".to_owned();
        let id = write(office, Details { title, ..chess(office).await }).await.unwrap();
        assert_eq!(hand_in(office, id).await, Ok(()));
        let again = HandInRefused::WrongStatus(Status::InReview);
        assert_eq!(hand_in(office, id).await, Err(again));

        let pile = world.principal.read::<ReviewOfferings, _>(catalogue::pile).await.unwrap();
        assert_eq!(pile.len(), 1);
        let agenda = world.principal.read::<SeeOpenWork, _>(kehou_app::agenda::agenda).await.unwrap();
        assert!(agenda.waiting.iter().any(|one| one.matter == Matter::OfferingsToReview && one.count == 1));

        let both = store.member("east", ("13800000001", Role::Principal), None, at(TUESDAY)).await;
        let read = version(office, id).await;
        let own = decide(&both, id, (read, Verdict::Publish, "")).await;
        assert_eq!(own, Err(DecideRefused::OwnWork));
        let stale = decide(&world.principal, id, (read - 1, Verdict::Publish, "")).await;
        assert_eq!(stale, Err(DecideRefused::Changed));
        let mute = decide(&world.principal, id, (read, Verdict::SendBack, " ")).await;
        assert_eq!(mute, Err(DecideRefused::NoReason));
        let back = decide(&world.principal, id, (read, Verdict::SendBack, "改名")).await;
        assert_eq!(back, Ok(Status::Returned));
        let agenda = office.read::<SeeOpenWork, _>(kehou_app::agenda::agenda).await.unwrap();
        assert!(agenda.waiting.iter().any(|one| one.matter == Matter::OfferingsReturned && one.count == 1));
        let told = office.read::<KeepOwnAccount, _>(|tx| tx.unread()).await.unwrap();
        assert_eq!(told, 1, "the office has a message of what came back");

        let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await.unwrap();
        let flags = vec![Flag::Wording {
            concern: Concern::Banned(Banned::CompetitionTraining),
            part: Part::Title,
            found: "奥数".to_owned(),
            by_plan: false,
        }];
        assert_eq!(found.2.len(), 1);
        assert_eq!((&found.2[0].reason[..], &found.2[0].flags), ("改名", &flags));
        assert_eq!(published(&world.sun).await, Vec::<String>::new());

        let (details, read) = (chess(office).await, found.0.offering.version);
        let changed = office
            .act::<KeepOfferings, _, _>(move |tx| catalogue::update(tx, id, read, &details))
            .await
            .unwrap();
        assert_eq!(changed, Ok(()));
        assert_eq!(hand_in(office, id).await, Ok(()));
        let read = version(office, id).await;
        assert_eq!(decide(&world.principal, id, (read, Verdict::Publish, "")).await, Ok(Status::Published));
        assert_eq!(published(&world.sun).await, ["围棋社"]);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_what_is_missing_stays_a_draft() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let whole = chess(office).await;
        let monday = vec![Meeting { weekday: 1, slot: SlotId("afternoon".to_owned()) }];
        let faults = vec![Fault::NotOnWeekday(monday[0].clone())];
        let wrong = write(office, Details { meetings: monday, ..whole.clone() }).await;
        assert_eq!(wrong, Err(KeepRefused::Faults(faults)));
        let bare = Details { venue: String::new(), teacher: None, ..whole.clone() };
        let id = write(office, bare.clone()).await.unwrap();
        assert_eq!(hand_in(office, id).await, Err(HandInRefused::Lacks(vec![Lack::Venue, Lack::Teacher])));
        let stale =
            office.act::<KeepOfferings, _, _>(move |tx| catalogue::update(tx, id, 7, &bare)).await.unwrap();
        assert_eq!(stale, Err(KeepRefused::Changed));
        let early = go(office, id, Step::TakeBack).await;
        assert_eq!(early, Err(RetireRefused::WrongStatus(Status::Draft)));
        assert_eq!(go(office, id, Step::Withdraw).await, Ok(Status::Withdrawn));
        assert_eq!(go(office, id, Step::TakeBack).await, Ok(Status::Draft));
    }
}

#[tokio::test]
async fn a_plan_without_clubs_has_none() {
    for store in stores().await {
        let world = World::new(&store, "east", S4A).await;
        let office = &world.office;
        let club = write(office, chess(office).await).await;
        let Err(KeepRefused::Faults(faults)) = club else { panic!("{club:?}") };
        assert!(faults.contains(&Fault::KindNotInPlan(Kind::Club)), "{faults:?}");
    }
}

#[tokio::test]
async fn of_two_that_take_one_venue_at_once_only_one_is_handed_in() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let one = write(office, chess(office).await).await.unwrap();
        let title = "象棋社".to_owned();
        let other = write(office, Details { title, ..chess(office).await }).await.unwrap();
        let found = office.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        assert!(found.unwrap().lines.iter().all(|line| line.clashes.len() == 2));

        let (first, second) = tokio::join!(hand_in(office, one), hand_in(office, other));
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
        let refused = first.err().or(second.err()).unwrap();
        let HandInRefused::Clash(with) = refused else { panic!("{refused:?}") };
        assert_eq!(with.iter().map(|one| one.over).collect::<Vec<_>>(), [Over::Venue, Over::Teacher]);
    }
}

#[tokio::test]
async fn a_family_reads_for_its_own_child_and_another_school_nothing() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let id = write(office, chess(office).await).await.unwrap();
        let (an, bo) = (world.an, world.bo);
        let own = world.sun.read::<ReadCatalogue, _>(move |tx| catalogue::for_child(tx, an)).await.unwrap();
        assert_eq!((own.grade, own.catalogue.unwrap().lines.len()), (Some(3), 0));
        let other = world.sun.read::<ReadCatalogue, _>(move |tx| catalogue::for_child(tx, bo)).await;
        assert!(matches!(other, Err(Error::NotFound)));
        store.school(2, "west", at(TUESDAY)).await;
        let west = store.member("west", ("13800000009", Role::AcademicOffice), None, at(TUESDAY)).await;
        let stranger = west.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await;
        assert!(matches!(stranger, Err(Error::NotFound)));
        let none = west.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        assert!(none.is_none());
    }
}

/// Writes, hands in and publishes an offering.
async fn publish(world: &World<'_>, details: Details) -> OfferingId {
    let id = write(&world.office, details).await.unwrap();
    assert_eq!(hand_in(&world.office, id).await, Ok(()));
    let read = version(&world.office, id).await;
    assert_eq!(decide(&world.principal, id, (read, Verdict::Publish, "")).await, Ok(Status::Published));
    id
}

/// The term after the one that runs.
async fn next_term(office: &Scope) -> TermId {
    let term = NewTerm {
        school_year: 2026,
        name: "2026 学年第二学期".to_owned(),
        starts_on: date(2027, 2, 22),
        ends_on: date(2027, 7, 2),
        service_from: date(2027, 3, 1),
    };
    office.act::<KeepCalendar, _, _>(move |tx| calendar::add_term(tx, &term)).await.unwrap().unwrap()
}

async fn copy(office: &Scope, term: TermId, chosen: Vec<OfferingId>) -> Result<Copied, CopyRefused> {
    office.act::<KeepOfferings, _, _>(move |tx| catalogue::copy(tx, term, &chosen)).await.unwrap()
}

#[tokio::test]
async fn the_last_terms_catalogue_is_copied_once_as_drafts_without_teachers_who_have_left() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let whole = chess(office).await;
        let go = publish(&world, whole.clone()).await;
        let other = Details {
            title: "象棋社".to_owned(),
            venue: "别处".to_owned(),
            teacher: whole.teacher,
            ..whole.clone()
        };
        let other =
            Details { meetings: vec![Meeting { weekday: 3, slot: SlotId("afternoon".to_owned()) }], ..other };
        let second = publish(&world, other).await;
        write(office, Details { title: "没发布的".to_owned(), ..whole.clone() }).await.unwrap();

        let term = next_term(office).await;
        let left = whole.teacher.unwrap();
        doing::<KeepStaff, _>(&world.principal, move |tx| people::note_staff_leaving(tx, left))
            .await
            .unwrap();
        let seen = office.read::<ReadOfferings, _>(move |tx| catalogue::last_term(tx, Some(term))).await;
        let seen = seen.unwrap().unwrap();
        assert_eq!(seen.from.unwrap().name, "2026 学年第一学期");
        let lines: Vec<_> =
            seen.lines.iter().map(|one| (&one.offering.details.title[..], one.exists)).collect();
        assert_eq!(lines, [("围棋社", false), ("象棋社", false)]);
        assert!(seen.lines.iter().all(|line| line.teacher_left && line.faults.is_empty()));

        assert_eq!(copy(office, term, vec![]).await, Err(CopyRefused::NothingChosen));
        assert_eq!(copy(office, term, vec![go]).await, Ok(Copied { copied: 1, existed: 0 }));
        let (first, again) =
            tokio::join!(copy(office, term, vec![go, second]), copy(office, term, vec![go, second]));
        let copied = first.unwrap().copied + again.unwrap().copied;
        assert_eq!(copied, 1, "what is there already is left");
        let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offerings(tx, Some(term))).await;
        let lines = found.unwrap().unwrap().lines;
        assert_eq!(lines.len(), 2);
        for line in lines {
            assert_eq!((line.offering.status, line.offering.details.teacher), (Status::Draft, None));
            assert_eq!(line.lacks, [Lack::Teacher]);
        }
        let stranger = office
            .act::<KeepOfferings, _, _>(move |tx| catalogue::copy(tx, term, &[go, OfferingId::from_bits(7)]));
        assert!(matches!(stranger.await, Err(Error::NotFound)));
    }
}

/// The words of a table, as the pages would say them.
fn words() -> Words {
    let columns = [
        ("名称", Column::Title),
        ("类别", Column::Kind),
        ("内容", Column::Topic),
        ("星期", Column::Weekdays),
        ("时段", Column::Slot),
        ("年级", Column::Grades),
        ("名额", Column::Capacity),
        ("最少", Column::Minimum),
        ("地方", Column::Venue),
        ("老师", Column::Teacher),
    ];
    Words {
        columns: columns.iter().map(|(word, column)| ((*word).to_owned(), *column)).collect(),
        kinds: vec![("社团".to_owned(), Kind::Club)],
        topics: vec![("棋类".to_owned(), Topic::BoardGames), ("球类".to_owned(), Topic::BallGames)],
        sexes: Vec::new(),
    }
}

const TABLE: &str = "课程表,,,,,,,,,,\n\
    *名称,类别,内容,星期,时段,年级(可多选),名额（人）,最少,地方,老师,备注\n\
    围棋社,社团,棋类,周二、周四,,3至4,20,8,302,吴老师,\n\
    足球社,社团,球类,周三,课后服务,全校,２０人,8,,,\n\
    围 棋社,社团,棋类,\"周四,周二\",,3,20,8,303,,\n\
    ,,,,,,,,,,\n\
    跳绳社,社团,跳绳,周二,晚上,低年级,很多,8,,无此人,\n\
    篮球社,社团,球类,周一,,3,20,21,,,\n";

async fn uploaded(office: &Scope, term: TermId, text: &'static str) -> ImportId {
    let kept = office.act::<KeepOfferings, _, ()>(move |tx| {
        Ok(import::keep_upload(tx, term, ("课程表.csv", text.as_bytes()))?)
    });
    kept.await.unwrap().unwrap()
}

async fn imported(
    office: &Scope,
    ids: (ImportId, TermId),
    (table, wish): (&Table, Wish),
) -> Result<Counts, ImportRefused> {
    let table = table.clone();
    office
        .act::<KeepOfferings, _, _>(move |tx| import::import(tx, ids, (&table, &words()), wish))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_table_of_offerings_is_laid_beside_the_term_and_written_whole_or_not_at_all() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let (office, term) = (&world.office, term(&world.office).await);
        let table = import::read(TABLE.as_bytes(), &words()).unwrap();
        assert_eq!(table.columns_left, ["备注"]);
        let laid = table.clone();
        let preview =
            office.read::<KeepOfferings, _>(move |tx| import::preview(tx, term, (&laid, &words()))).await;
        let preview = preview.unwrap().unwrap();
        let [chess, football, twice, rope, basket] = preview.rows.as_slice() else { panic!("{preview:?}") };
        let Becomes::New(details, lacks) = &chess.verdict else { panic!("{chess:?}") };
        let slot = SlotId("afternoon".to_owned());
        let on = |weekday| Meeting { weekday, slot: slot.clone() };
        assert_eq!(details.meetings, [on(2), on(4)]);
        assert_eq!((details.grades, details.teacher.is_some()), (Grades::of([3, 4]), true));
        assert_eq!(lacks, &[Lack::Description]);
        assert!(matches!(&football.verdict, Becomes::New(one, _) if one.capacity == 20));
        assert_eq!((twice.number, &twice.verdict), (5, &Becomes::Twice(3)));
        let Becomes::Wrong(wrongs) = &rope.verdict else { panic!("{rope:?}") };
        let said: Vec<_> = wrongs.iter().map(|one| (one.column.unwrap(), &one.value[..], &one.why)).collect();
        let expected = [
            (Column::Slot, "晚上", &Why::Unknown),
            (Column::Topic, "跳绳", &Why::Unknown),
            (Column::Teacher, "无此人", &Why::NoSuchTeacher),
            (Column::Capacity, "很多", &Why::NoNumber),
            (Column::Grades, "低年级", &Why::Unclear),
        ];
        assert_eq!(said, expected);
        let Becomes::Wrong(wrongs) = &basket.verdict else { panic!("{basket:?}") };
        let whys: Vec<_> = wrongs.iter().map(|one| one.why.clone()).collect();
        assert_eq!(whys, [Why::Fault(Fault::NotOnWeekday(on(1))), Why::Fault(Fault::MinimumAboveCapacity)]);

        let counts = preview.counts();
        assert_eq!(counts, Counts { new: 2, existing: 1, wrong: 2 });
        let id = uploaded(office, term, TABLE).await;
        let whole = Wish { without_wrong: false, shown: Some(counts) };
        assert_eq!(imported(office, (id, term), (&table, whole)).await, Err(ImportRefused::Wrong(2)));
        let stale = Wish { without_wrong: true, shown: Some(Counts { new: 3, existing: 1, wrong: 2 }) };
        assert_eq!(imported(office, (id, term), (&table, stale)).await, Err(ImportRefused::Changed));
        let none = office.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        assert!(none.unwrap().lines.is_empty(), "nothing is half imported");
        let rest = Wish { without_wrong: true, shown: Some(counts) };
        assert_eq!(imported(office, (id, term), (&table, rest)).await, Ok(counts));
        let over = office.read::<KeepOfferings, _>(move |tx| import::upload(tx, id)).await.unwrap();
        assert_eq!((over.bytes, over.done), (None, Some((2, 3))));
        let found = office.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        assert_eq!(found.unwrap().lines.len(), 2);
        let again = uploaded(office, term, TABLE).await;
        let rest = Wish { without_wrong: true, shown: None };
        assert_eq!(imported(office, (again, term), (&table, rest)).await, Err(ImportRefused::Nothing));
    }
}

const SEVERAL: &str = "名称,类别,内容,星期,时段,年级,名额,最少,地方,老师\n\
    管乐团,社团,球类,周二,课后服务,3,20,8,,\n\
    管乐团,,,周四,,,,,,\n\
    合唱团,社团,球类,周三,课后服务,3,20,8,,\n\
    ,,,周一,,,,,,\n\
    舞蹈队,社团,球类,周三,课后服务,3,20,8,,\n\
    舞蹈队,,,周三,晚上,,,,,\n\
    舞蹈队,,,,,,,,,\n\
    管乐团,社团,球类,周三,课后服务,3,20,8,,\n";

#[tokio::test]
async fn an_offering_goes_on_in_the_rows_below_and_is_written_with_all_of_them_or_not_at_all() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let (office, term) = (&world.office, term(&world.office).await);
        let table = import::read(SEVERAL.as_bytes(), &words()).unwrap();
        let laid = table.clone();
        let preview =
            office.read::<KeepOfferings, _>(move |tx| import::preview(tx, term, (&laid, &words()))).await;
        let preview = preview.unwrap().unwrap();
        let why = |at: usize| match &preview.rows[at].verdict {
            Becomes::Wrong(wrongs) => wrongs.iter().map(|one| (one.column, one.why.clone())).collect(),
            Becomes::PartOf(row) => vec![(None, Why::RowBelow(*row))],
            Becomes::New(..) | Becomes::Exists | Becomes::Twice(_) => Vec::new(),
        };
        let slot = SlotId("afternoon".to_owned());
        let monday = Meeting { weekday: 1, slot: slot.clone() };
        let days = Some(Column::Weekdays);
        let expected = [
            Vec::new(),
            vec![(None, Why::RowBelow(2))],
            vec![(None, Why::RowBelow(5))],
            vec![(days, Why::Fault(Fault::NotOnWeekday(monday)))],
            vec![(None, Why::RowBelow(7))],
            vec![(Some(Column::Slot), Why::Unknown)],
            vec![(days, Why::Unknown)],
            Vec::new(),
        ];
        for (at, expected) in expected.into_iter().enumerate() {
            assert_eq!(why(at), expected, "row {}", at + 2);
        }
        let counts = preview.counts();
        assert_eq!(counts, Counts { new: 2, existing: 0, wrong: 5 });
        let id = uploaded(office, term, SEVERAL).await;
        let rest = Wish { without_wrong: true, shown: Some(counts) };
        assert_eq!(imported(office, (id, term), (&table, rest)).await, Ok(counts));
        let found = office.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        let lines = found.unwrap().lines;
        let mut days: Vec<Vec<i8>> = lines
            .iter()
            .map(|line| line.offering.details.meetings.iter().map(|one| one.weekday).collect())
            .collect();
        days.sort();
        assert_eq!(days, [vec![2, 4], vec![3]]);
    }
}

#[test]
fn a_file_without_the_headings_is_refused() {
    for (text, expected) in
        [("姓名,性别,班级\n孙安安,女,3.1\n", Refused::NoHead), ("名称,类别,内容\n", Refused::OnlyHead)]
    {
        assert_eq!(import::read(text.as_bytes(), &words()), Err(FileRefused::File(expected)), "{text}");
    }
    let many = format!("名称,类别,内容\n{}", "围棋社,社团,棋类\n".repeat(501));
    assert_eq!(import::read(many.as_bytes(), &words()), Err(FileRefused::TooMany));
}
