//! Terms, local days and declared spans.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date, time};
use kehou_app::calendar::{self, NewTerm, TermStatus};
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Scope, sql};
use kehou_domain::access::{KeepCalendar, ReadCalendar, Role};
use kehou_domain::calendar::school::{Confirmed, LocalDay, LocalKind, LocalRefused, NoService, TermRefused};
use kehou_domain::ids::TermId;
use kehou_domain::moment;

const TUESDAY: Date = date(2026, 11, 24);

fn at(day: Date) -> Timestamp {
    moment::instant(day, time(9, 0, 0, 0))
}

async fn office(store: &TestStore) -> Scope {
    store.school(1, "east", at(TUESDAY)).await;
    store.member("east", ("13800000001", Role::AcademicOffice), None, at(TUESDAY)).await
}

fn autumn() -> NewTerm {
    NewTerm {
        school_year: 2026,
        name: "第一学期".into(),
        starts_on: date(2026, 9, 1),
        ends_on: date(2027, 1, 29),
        service_from: date(2026, 9, 7),
    }
}

async fn add_term(scope: &Scope, new: NewTerm) -> Result<TermId, Vec<TermRefused>> {
    scope.act::<KeepCalendar, _, _>(move |tx| calendar::add_term(tx, &new)).await.unwrap()
}

async fn set(scope: &Scope, day: Date, kind: LocalKind) -> Result<(), LocalRefused> {
    set_confirmed(scope, (day, kind), Confirmed::default()).await
}

async fn set_confirmed(
    scope: &Scope,
    (day, kind): (Date, LocalKind),
    confirmed: Confirmed,
) -> Result<(), LocalRefused> {
    let local = LocalDay { day, kind, reason: "校运动会".into() };
    scope
        .act::<KeepCalendar, _, _>(move |tx| kehou_app::attendance::set_local_day(tx, &local, confirmed))
        .await
        .unwrap()
}

/// Whether the service may run on the day, as the calendar page says.
async fn service(scope: &Scope, day: Date) -> Result<Weekday, NoService> {
    let (mut days, _) = scope.read::<ReadCalendar, _>(move |tx| calendar::read(tx, day, day)).await.unwrap();
    days.remove(0).service.map(|service| service.weekday)
}

#[tokio::test]
async fn c3_the_service_runs_once_the_term_is_open() {
    for store in stores().await {
        let office = office(&store).await;
        let term = add_term(&office, autumn()).await.unwrap();
        assert_eq!(service(&office, TUESDAY).await, Err(NoService::Vacation), "still in preparation");
        let opened = office
            .act::<KeepCalendar, (), ()>(move |tx| Ok(calendar::set_term_status(tx, term, TermStatus::Open)?))
            .await;
        opened.unwrap().unwrap();
        assert_eq!(service(&office, TUESDAY).await, Ok(Weekday::Tuesday));
        assert_eq!(service(&office, date(2026, 10, 1)).await, Err(NoService::Holiday { name: "国庆节" }));
        let again = add_term(&office, NewTerm { name: "第二学期".into(), ..autumn() }).await;
        assert_eq!(again, Err(vec![TermRefused::Overlaps { with: "第一学期".into() }]));
    }
}

#[tokio::test]
async fn c11_a_pause_stops_the_service_and_can_be_taken_back() {
    for store in stores().await {
        let office = office(&store).await;
        let term = add_term(&office, autumn()).await.unwrap();
        let opened = office
            .act::<KeepCalendar, (), ()>(move |tx| Ok(calendar::set_term_status(tx, term, TermStatus::Open)?))
            .await;
        opened.unwrap().unwrap();
        set(&office, TUESDAY, LocalKind::Pause).await.unwrap();
        let reason = String::from("校运动会");
        assert_eq!(service(&office, TUESDAY).await, Err(NoService::Pause { reason }));
        let cleared = office
            .act::<KeepCalendar, (), ()>(|tx| Ok(kehou_app::attendance::clear_local_day(tx, TUESDAY)?))
            .await;
        cleared.unwrap().unwrap();
        assert_eq!(service(&office, TUESDAY).await, Ok(Weekday::Tuesday));
    }
}

#[tokio::test]
async fn c3_a_make_up_day_follows_the_weekday_that_the_school_says() {
    for store in stores().await {
        let office = office(&store).await;
        let term = add_term(&office, autumn()).await.unwrap();
        let opened = office
            .act::<KeepCalendar, (), ()>(move |tx| Ok(calendar::set_term_status(tx, term, TermStatus::Open)?))
            .await;
        opened.unwrap().unwrap();
        let office = office.at_moment(at(date(2026, 9, 15)));
        let sunday = date(2026, 9, 20);
        let (days, _) =
            office.read::<ReadCalendar, _>(move |tx| calendar::read(tx, sunday, sunday)).await.unwrap();
        assert_eq!(calendar::undecided(&days), [sunday]);
        set(&office, sunday, LocalKind::MakeUp(Weekday::Thursday)).await.unwrap();
        assert_eq!(service(&office, sunday).await, Ok(Weekday::Thursday));

        let make_up = LocalKind::MakeUp(Weekday::Monday);
        let meant = Confirmed { children: 0, weekend: true };
        assert_eq!(
            set_confirmed(&office, (date(2026, 9, 14), make_up), meant).await,
            Err(LocalRefused::Past)
        );
        let holiday = LocalRefused::OnHoliday { name: "国庆节" };
        assert_eq!(set_confirmed(&office, (date(2026, 10, 3), make_up), meant).await, Err(holiday));
        let saturday = date(2026, 9, 19);
        assert_eq!(set(&office, saturday, make_up).await, Err(LocalRefused::OnWeekend));
        assert_eq!(set_confirmed(&office, (saturday, make_up), meant).await, Ok(()));
    }
}

#[tokio::test]
async fn c3_a_term_that_has_not_begun_is_corrected_and_removed() {
    for store in stores().await {
        let office = office(&store).await;
        let summer = office.at_moment(at(date(2026, 8, 20)));
        let id = add_term(&summer, NewTerm { ends_on: date(2027, 6, 29), ..autumn() }).await.unwrap();
        let correct = async |scope: &Scope, new: NewTerm| {
            scope.act::<KeepCalendar, _, _>(move |tx| calendar::correct_term(tx, id, &new)).await.unwrap()
        };
        let backwards = NewTerm { ends_on: date(2026, 8, 1), ..autumn() };
        assert_eq!(correct(&summer, backwards).await, Err(vec![TermRefused::EndsBeforeStart]));
        assert_eq!(correct(&office, autumn()).await, Err(vec![TermRefused::Begun]));
        assert_eq!(correct(&summer, autumn()).await, Ok(()));
        let (_, terms) =
            office.read::<ReadCalendar, _>(|tx| calendar::read(tx, TUESDAY, TUESDAY)).await.unwrap();
        assert_eq!(terms[0].term.ends_on, date(2027, 1, 29));

        let remove = async |scope: &Scope| {
            scope.act::<KeepCalendar, (), _>(move |tx| calendar::remove_term(tx, id)).await.unwrap()
        };
        assert_eq!(remove(&office).await, Err(TermRefused::Begun));
        let grouped = office.act::<KeepCalendar, (), ()>(move |tx| {
            let group = sql!(
                "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, venue, version)
                 values ($1, $2, $2, 'care', '自主作业', '三(2)班', '', 0)"
            );
            tx.run(group, &[id.into()])?;
            Ok(())
        });
        grouped.await.unwrap().unwrap();
        assert_eq!(remove(&summer).await, Err(TermRefused::InUse));
        let cleared = office.act::<KeepCalendar, (), ()>(|tx| {
            tx.run(sql!("delete from teaching_group where school_id = $1"), &[])?;
            Ok(())
        });
        cleared.await.unwrap().unwrap();
        assert_eq!(remove(&summer).await, Ok(()));
        let (_, terms) =
            office.read::<ReadCalendar, _>(|tx| calendar::read(tx, TUESDAY, TUESDAY)).await.unwrap();
        assert_eq!(terms, Vec::new());
    }
}

#[tokio::test]
async fn c3_an_unpublished_span_is_declared_and_a_closure_in_it_stays() {
    for store in stores().await {
        let office = office(&store).await;
        set(&office, date(2027, 1, 5), LocalKind::Closure).await.unwrap();
        let declared = office
            .act::<KeepCalendar, _, _>(|tx| {
                let span = (date(2027, 1, 1), date(2027, 1, 5));
                kehou_app::attendance::declare(tx, span, &[date(2027, 1, 1)], "通知尚未公布", 0)
            })
            .await;
        assert_eq!(declared.unwrap(), Ok(5));
        let (days, _) = office
            .read::<ReadCalendar, _>(|tx| calendar::read(tx, date(2027, 1, 1), date(2027, 1, 5)))
            .await
            .unwrap();
        let kinds: Vec<_> =
            days.iter().filter_map(|day| day.local.as_ref()).map(|local| local.kind).collect();
        let (free, school) = (LocalKind::DeclaredFree, LocalKind::DeclaredSchoolDay);
        assert_eq!(kinds, [free, free, free, school, LocalKind::Closure]);
        let refused = set(&office, TUESDAY, LocalKind::DeclaredFree).await;
        assert_eq!(refused, Err(LocalRefused::Published { year: 2026 }));
    }
}
