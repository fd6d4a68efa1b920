//! Care log and sheets.

use jiff::civil::date;
use kehou_app::attendance::{self, CloseRefused, Month};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{CloseMonth, KeepCalendar, ReadCareLog, ReadSheets, WriteCareLog};
use kehou_domain::attendance::{EntryRefused, RollRefused, Said, Tally};
use kehou_domain::calendar::school::{Confirmed, LocalDay, LocalKind, LocalRefused};
use kehou_domain::ids::CareEntryId;

use super::world::{TUESDAY, at, call, roll, save, session, world};

async fn close(scope: &Scope) -> Result<String, CloseRefused> {
    let november = Month::of(TUESDAY);
    scope
        .act::<CloseMonth, String, CloseRefused>(move |tx| attendance::close_month(tx, november))
        .await
        .unwrap()
}

#[tokio::test]
async fn day_week_and_month_add_up_to_the_roll() {
    for store in stores().await {
        let world = world(&store).await;
        let said = [(1, Said::Absent), (2, Said::Leave), (3, Said::Late)];
        save(&world.teacher, call(&said, Some(Said::Present))).await.unwrap().unwrap();
        let tally = Tally { expected: 30, on_time: 27, late: 1, leave: 1, absent: 1, ..Tally::default() };

        let day = world.office.read::<ReadSheets, _>(|tx| attendance::day_sheet(tx, TUESDAY)).await.unwrap();
        assert_eq!((day.len(), day[0].tally, day[0].lines.len()), (1, tally, 30));
        assert_eq!(day[0].lines[0].name, "学生01");

        let week =
            world.office.read::<ReadSheets, _>(|tx| attendance::week_sheet(tx, TUESDAY)).await.unwrap();
        assert_eq!((week.from, week.to), (date(2026, 11, 23), date(2026, 11, 29)));
        assert_eq!(week.days, [(TUESDAY, tally)]);
        assert_eq!((week.lines.len(), week.lines[0].total, week.total), (1, tally, tally));

        let november = Month::of(TUESDAY);
        let month = world
            .office
            .read::<ReadSheets, _>(move |tx| attendance::month_sheet(tx, november))
            .await
            .unwrap();
        assert_eq!(month.sheet.total(), tally);
        assert_eq!(month.sheet.lines[0].class, "三(2)班");
        assert_eq!(month.closed, None);
    }
}

#[tokio::test]
async fn a_homeroom_teacher_reads_the_own_class_alone() {
    for store in stores().await {
        let world = world(&store).await;
        let november = Month::of(TUESDAY);
        let own = world
            .teacher
            .read::<ReadSheets, _>(move |tx| attendance::month_sheet(tx, november))
            .await
            .unwrap();
        assert_eq!(own.sheet.lines.len(), 30);
        let other = world
            .other_teacher
            .read::<ReadSheets, _>(move |tx| attendance::month_sheet(tx, november))
            .await
            .unwrap();
        assert_eq!(other.sheet.lines.len(), 0);
        let day =
            world.other_teacher.read::<ReadSheets, _>(|tx| attendance::day_sheet(tx, TUESDAY)).await.unwrap();
        assert_eq!(day, Vec::new());
    }
}

#[tokio::test]
async fn a_closed_month_keeps_its_hash_and_its_rolls() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(close(&world.office).await, Err(CloseRefused::NotOver { last_on: date(2026, 11, 30) }));
        let december = world.office.at_moment(at(9, 0) + jiff::SignedDuration::from_hours(24 * 7));
        assert_eq!(close(&december).await, Err(CloseRefused::Unmarked { marks: 30 }));
        save(&december, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let hash = close(&december).await.unwrap();
        assert_eq!(close(&december).await, Err(CloseRefused::Closed));

        let changed = save(&december, call(&[(1, Said::Present)], None)).await.unwrap();
        assert_eq!(changed, Err(RollRefused::MonthClosed));
        let november = Month::of(TUESDAY);
        let month =
            december.read::<ReadSheets, _>(move |tx| attendance::month_sheet(tx, november)).await.unwrap();
        let closed = month.closed.unwrap();
        assert_eq!((closed.hash, month.agrees), (hash, true));
        assert_eq!(closed.text.lines().count(), 31);
    }
}

#[tokio::test]
async fn a_care_log_is_written_by_who_leads_the_session() {
    for store in stores().await {
        let world = world(&store).await;
        let write = async |scope: &Scope, happened: &'static str, heads: Option<u32>| {
            scope
                .act::<WriteCareLog, CareEntryId, Vec<EntryRefused>>(move |tx| {
                    attendance::write_care(tx, session(), happened, heads)
                })
                .await
        };
        assert_eq!(write(&world.teacher, " ", None).await.unwrap(), Err(vec![EntryRefused::Empty]));
        assert!(write(&world.teacher, "自主作业，全班安静", Some(30)).await.unwrap().is_ok());
        assert!(matches!(write(&world.other_teacher, "路过", None).await, Err(Error::NotAllowed)));
        let log =
            world.leader.read::<ReadCareLog, _>(|tx| attendance::care_log(tx, session())).await.unwrap();
        let entry = &log.entries[0];
        assert_eq!(
            (entry.happened.as_str(), entry.head_count, entry.at),
            ("自主作业，全班安静", Some(30), at(15, 25))
        );
        let logs =
            world.leader.read::<ReadCareLog, _>(|tx| attendance::care_logs(tx, TUESDAY)).await.unwrap();
        assert_eq!((logs.len(), logs[0].entries.len()), (1, 1));
        assert_eq!(roll(&world.teacher).await.counts.unmarked, 30);
    }
}

#[tokio::test]
async fn a_month_names_the_rolls_that_keep_it_open_and_an_uncalled_child_has_no_time() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Present)], None)).await.unwrap().unwrap();
        let november = Month::of(TUESDAY);
        let open =
            world.office.read::<CloseMonth, _>(move |tx| attendance::open_rolls(tx, november)).await.unwrap();
        let open: Vec<_> = open.iter().map(|roll| (roll.session.id, roll.unmarked)).collect();
        assert_eq!(open, [(session(), 29)]);
        let day = world.office.read::<ReadSheets, _>(|tx| attendance::day_sheet(tx, TUESDAY)).await.unwrap();
        let times: Vec<_> = day[0].lines.iter().map(|line| line.marked_by.map(|sight| sight.at)).collect();
        assert_eq!(times[..2], [Some(at(15, 25)), None]);
    }
}

#[tokio::test]
async fn c11_a_day_with_children_here_is_called_off_only_by_who_was_told_how_many() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let pause = async |scope: &Scope, children: u32| {
            let told = Confirmed { children, weekend: false };
            let local = LocalDay { day: TUESDAY, kind: LocalKind::Pause, reason: "停水".to_owned() };
            scope
                .act::<KeepCalendar, (), LocalRefused>(move |tx| attendance::set_local_day(tx, &local, told))
                .await
                .unwrap()
        };
        assert_eq!(pause(&world.office, 0).await, Err(LocalRefused::ChildrenHere { here: 29, awaited: 0 }));
        let tomorrow = world.office.at_moment(at(9, 0) + jiff::SignedDuration::from_hours(24));
        assert_eq!(pause(&tomorrow, 29).await, Err(LocalRefused::WasHeld { children: 30 }));
        assert_eq!(pause(&world.office, 29).await, Ok(()));
    }
}
