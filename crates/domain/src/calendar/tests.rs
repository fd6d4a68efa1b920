use jiff::civil::date;
use rstest::rstest;

use super::*;
use crate::calendar::days;
use crate::calendar::season::{MonthDay, SeasonDates, season_on};
use crate::ids::EntityId;

fn autumn() -> Term {
    Term {
        id: TermId::from_bits(1),
        school_year: 2026,
        name: "第一学期".into(),
        starts_on: date(2026, 9, 1),
        ends_on: date(2027, 1, 29),
        service_from: date(2026, 9, 7),
    }
}

fn local(day: Date, kind: LocalKind) -> LocalDay {
    LocalDay { day, kind, reason: "运动会".into() }
}

/// Days off and worked days of each year, as the notices add up.
#[rstest]
#[case(2019, 22, 6)]
#[case(2020, 30, 6)]
#[case(2021, 31, 7)]
#[case(2022, 32, 7)]
#[case(2023, 26, 7)]
#[case(2024, 28, 8)]
#[case(2025, 28, 5)]
#[case(2026, 33, 6)]
fn a_year_has_as_many_days_off_and_worked_days_as_its_notices_say(
    #[case] year: i16,
    #[case] off: usize,
    #[case] worked: usize,
) {
    let count = |kind| {
        days(date(year, 1, 1), date(year, 12, 31))
            .filter(|day| national::day(*day).is_ok_and(|day| day.kind == kind))
            .count()
    };
    assert_eq!((count(DayKind::Holiday), count(DayKind::MakeUpDay)), (off, worked));
}

#[rstest]
#[case(date(2026, 10, 1), DayKind::Holiday, Some("国庆节"))]
#[case(date(2026, 9, 20), DayKind::MakeUpDay, Some("国庆节"))]
#[case(date(2026, 9, 21), DayKind::SchoolDay, None)]
#[case(date(2026, 9, 19), DayKind::Weekend, None)]
#[case(date(2020, 2, 1), DayKind::Holiday, Some("春节"))]
#[case(date(2020, 2, 3), DayKind::SchoolDay, None)]
#[case(date(2019, 5, 2), DayKind::Holiday, Some("劳动节"))]
#[case(date(2019, 5, 5), DayKind::MakeUpDay, Some("劳动节"))]
#[case(date(2022, 12, 31), DayKind::Holiday, Some("元旦"))]
#[case(date(2019, 12, 31), DayKind::SchoolDay, None)]
#[case(date(2025, 1, 28), DayKind::Holiday, Some("春节"))]
#[case(date(2025, 5, 5), DayKind::Holiday, Some("劳动节"))]
#[case(date(2023, 10, 7), DayKind::MakeUpDay, Some("中秋节、国庆节"))]
#[case(date(2024, 4, 7), DayKind::MakeUpDay, Some("清明节"))]
#[case(date(2024, 6, 9), DayKind::Weekend, None)]
fn a_day_is_what_the_notice_says(#[case] on: Date, #[case] kind: DayKind, #[case] name: Option<&str>) {
    let day = national::day(on).unwrap();
    assert_eq!((day.kind, day.name), (kind, name));
}

#[test]
fn every_make_up_day_is_a_saturday_or_sunday() {
    for day in days(date(national::FIRST_YEAR, 1, 1), date(national::LAST_YEAR, 12, 31)) {
        if national::day(day).unwrap().kind == DayKind::MakeUpDay {
            assert_eq!(plain(day), DayKind::Weekend, "{day}");
        }
    }
}

#[test]
fn an_unpublished_year_is_an_error() {
    assert_eq!(national::day(date(2018, 12, 31)), Err(Unpublished { year: 2018 }));
    assert_eq!(national::day(date(2027, 1, 1)), Err(Unpublished { year: 2027 }));
}

#[test]
fn the_extension_of_2020_stands_before_the_notice_it_changes() {
    let numbers: Vec<_> = national::notices_of(2020).map(|notice| notice.number).collect();
    assert_eq!(numbers, ["国办发明电〔2020〕1号", "国办发明电〔2019〕16号"]);
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a case reads better without borrowing")]
fn runs(day: Date, own: Option<LocalKind>, expected: Result<(Weekday, bool), NoService>) {
    let own = own.map(|kind| local(day, kind));
    let got = service_day(day, &[autumn()], own.as_ref()).map(|day| (day.weekday, day.declared));
    assert_eq!(got, expected);
}

#[test]
fn the_service_runs_on_an_ordinary_tuesday_of_the_term() {
    runs(date(2026, 11, 24), None, Ok((Weekday::Tuesday, false)));
}

#[test]
fn the_service_rests_at_weekends_on_holidays_and_in_the_vacation() {
    runs(date(2026, 11, 28), None, Err(NoService::Weekend));
    runs(date(2026, 10, 1), None, Err(NoService::Holiday { name: "国庆节" }));
    runs(date(2026, 8, 31), None, Err(NoService::Vacation));
}

#[test]
fn the_service_begins_on_its_own_first_day() {
    let service_from = date(2026, 9, 7);
    runs(date(2026, 9, 4), None, Err(NoService::NotYet { service_from }));
    runs(service_from, None, Ok((Weekday::Monday, false)));
}

#[test]
fn a_make_up_day_waits_for_the_weekday_it_follows() {
    let sunday = date(2026, 9, 20);
    runs(sunday, None, Err(NoService::MakeUpUndecided { name: "国庆节" }));
    runs(sunday, Some(LocalKind::MakeUp(Weekday::Thursday)), Ok((Weekday::Thursday, false)));
}

#[test]
fn a_closure_and_a_pause_stop_the_service_with_their_reason() {
    let reason = String::from("运动会");
    let tuesday = date(2026, 11, 24);
    runs(tuesday, Some(LocalKind::Closure), Err(NoService::Closure { reason: reason.clone() }));
    runs(tuesday, Some(LocalKind::Pause), Err(NoService::Pause { reason }));
}

#[test]
fn days_of_an_unpublished_year_run_only_as_declared() {
    let monday = date(2027, 1, 4);
    runs(monday, None, Err(NoService::Unpublished(Unpublished { year: 2027 })));
    runs(monday, Some(LocalKind::DeclaredSchoolDay), Ok((Weekday::Monday, true)));
    let reason = String::from("运动会");
    runs(monday, Some(LocalKind::DeclaredFree), Err(NoService::DeclaredFree { reason }));
}

#[test]
fn a_published_year_prevails_over_a_declaration() {
    runs(date(2026, 10, 1), Some(LocalKind::DeclaredSchoolDay), Err(NoService::Holiday { name: "国庆节" }));
}

#[test]
fn a_span_is_declared_day_by_day() {
    let declared = declare(date(2027, 1, 1), date(2027, 1, 4), &[date(2027, 1, 1)], "等待通知").unwrap();
    let kinds: Vec<_> = declared.iter().map(|local| local.kind).collect();
    let (free, school) = (LocalKind::DeclaredFree, LocalKind::DeclaredSchoolDay);
    assert_eq!(kinds, [free, free, free, school]);
}

#[test]
fn a_published_span_cannot_be_declared() {
    let refused = declare(date(2026, 12, 31), date(2027, 1, 4), &[], "等待通知");
    assert_eq!(refused, Err(LocalRefused::Published { year: 2026 }));
}

#[test]
fn a_local_day_needs_a_reason_and_a_working_weekday() {
    let day = date(2026, 9, 20);
    assert_eq!(add_local_day(&local(day, LocalKind::MakeUp(Weekday::Friday))), Ok(()));
    assert_eq!(
        add_local_day(&local(day, LocalKind::MakeUp(Weekday::Sunday))),
        Err(LocalRefused::FollowsWeekend)
    );
    let silent = LocalDay { day, kind: LocalKind::Closure, reason: " ".into() };
    assert_eq!(add_local_day(&silent), Err(LocalRefused::NoReason));
}

#[test]
fn local_kinds_read_back_as_written() {
    use LocalKind::{Closure, DeclaredFree, DeclaredSchoolDay, MakeUp, Pause};
    for kind in [Closure, Pause, MakeUp(Weekday::Monday), DeclaredSchoolDay, DeclaredFree] {
        assert_eq!(LocalKind::parse(kind.word(), kind.follows()), Some(kind));
    }
    assert_eq!(LocalKind::parse("make_up", None), None);
}

#[test]
fn a_term_fits_among_the_others_or_says_why_not() {
    let spring = Term {
        id: TermId::from_bits(2),
        name: "第二学期".into(),
        starts_on: date(2027, 2, 22),
        ends_on: date(2027, 6, 30),
        service_from: date(2027, 2, 22),
        ..autumn()
    };
    assert_eq!(add_term(&spring, &[autumn()]), Ok(()));
    assert_eq!(add_term(&autumn(), &[autumn()]), Ok(()), "a term does not overlap itself");
    let early = Term { starts_on: date(2027, 1, 29), ..spring.clone() };
    assert_eq!(add_term(&early, &[autumn()]), Err(vec![TermRefused::Overlaps { with: "第一学期".into() }]));
    let backwards = Term { ends_on: date(2027, 2, 1), ..spring.clone() };
    assert_eq!(add_term(&backwards, &[]), Err(vec![TermRefused::EndsBeforeStart]));
    let outside = Term { service_from: date(2027, 2, 1), ..spring.clone() };
    assert_eq!(add_term(&outside, &[]), Err(vec![TermRefused::ServiceOutsideTerm]));
    let endless = Term { ends_on: date(2028, 2, 21), ..spring };
    assert_eq!(add_term(&endless, &[]), Err(vec![TermRefused::TooLong { days: 365 }]));
    let wrong = Term { starts_on: date(2027, 1, 29), service_from: date(2026, 9, 1), ..endless };
    let expected = [
        TermRefused::Overlaps { with: "第一学期".into() },
        TermRefused::TooLong { days: 389 },
        TermRefused::ServiceOutsideTerm,
    ];
    assert_eq!(add_term(&wrong, &[autumn()]), Err(expected.to_vec()), "everything at once");
}

#[test]
fn winter_reaches_over_the_new_year() {
    let on = |month, day| MonthDay::new(month, day).unwrap();
    let seasons = [
        SeasonDates { season: "winter", from: on(10, 8), until: on(4, 30) },
        SeasonDates { season: "summer", from: on(5, 1), until: on(9, 30) },
    ];
    let held = |month, day| season_on(&seasons, date(2026, month, day)).copied();
    assert_eq!(held(1, 1), Some("winter"));
    assert_eq!(held(4, 30), Some("winter"));
    assert_eq!(held(5, 1), Some("summer"));
    assert_eq!(held(10, 8), Some("winter"));
    assert_eq!(held(10, 1), None, "between the seasons the plan says nothing");
    assert_eq!(MonthDay::new(2, 30), None);
}

#[test]
fn c11_a_day_is_not_called_off_over_the_heads_of_children() {
    let (monday, tuesday, friday) = (date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 16));
    let full = Underway { called: 30, here: 28, awaited: 0 };
    let uncalled = Underway { called: 0, here: 0, awaited: 102 };
    let mixed = Underway { called: 25, here: 24, awaited: 915 };
    let empty = Underway::default();
    let untold = |here, awaited| Err(LocalRefused::ChildrenHere { here, awaited });
    for (day, kind, underway, children, expected) in [
        (tuesday, LocalKind::Pause, empty, 0, Ok(())),
        (tuesday, LocalKind::Pause, full, 0, untold(28, 0)),
        (tuesday, LocalKind::Closure, full, 27, untold(28, 0)),
        (tuesday, LocalKind::Pause, full, 28, Ok(())),
        (tuesday, LocalKind::Closure, uncalled, 0, untold(0, 102)),
        (tuesday, LocalKind::Closure, uncalled, 102, Ok(())),
        (tuesday, LocalKind::Closure, mixed, 24, untold(24, 915)),
        (tuesday, LocalKind::Closure, mixed, 939, Ok(())),
        (tuesday, LocalKind::MakeUp(Weekday::Friday), full, 0, Ok(())),
        (monday, LocalKind::Closure, empty, 0, Ok(())),
        (monday, LocalKind::Closure, uncalled, 0, Err(LocalRefused::NeverCalled { children: 102 })),
        (monday, LocalKind::Closure, uncalled, 102, Ok(())),
        (monday, LocalKind::Closure, full, 28, Err(LocalRefused::WasHeld { children: 30 })),
        (friday, LocalKind::Closure, empty, 0, Ok(())),
    ] {
        let confirmed = Confirmed { children, weekend: false };
        let said = call_off(&local(day, kind), tuesday, underway, confirmed);
        assert_eq!(said, expected, "{day} {kind:?} {children}");
    }
}

#[test]
fn c11_a_session_goes_on_when_somebody_was_called_or_it_has_begun_today() {
    let (monday, tuesday) = (date(2026, 10, 12), date(2026, 10, 13));
    let at = |day, hour| crate::moment::instant(day, jiff::civil::time(hour, 0, 0, 0));
    for (day, hour, called, expected) in [
        (tuesday, 15, false, true),
        (tuesday, 16, false, true),
        (tuesday, 17, false, false),
        (tuesday, 17, true, true),
        (monday, 15, false, false),
        (monday, 15, true, true),
    ] {
        assert_eq!(goes_on(day, at(day, hour), called, at(tuesday, 16)), expected, "{day} {hour} {called}");
    }
}

#[test]
fn c3_a_make_up_day_is_to_come_and_no_holiday_and_a_weekend_is_meant() {
    let tuesday = date(2026, 9, 15);
    let (plain, meant) = (Confirmed::default(), Confirmed { children: 0, weekend: true });
    for (day, confirmed, expected) in [
        (date(2026, 9, 14), meant, Err(LocalRefused::Past)),
        (date(2026, 9, 16), plain, Ok(())),
        (date(2026, 9, 20), plain, Ok(())),
        (date(2026, 9, 19), plain, Err(LocalRefused::OnWeekend)),
        (date(2026, 9, 19), meant, Ok(())),
        (date(2026, 10, 1), meant, Err(LocalRefused::OnHoliday { name: "国庆节" })),
        (date(2027, 3, 6), plain, Ok(())),
    ] {
        let said = make_up(&local(day, LocalKind::MakeUp(Weekday::Friday)), tuesday, confirmed);
        assert_eq!(said, expected, "{day}");
    }
    assert_eq!(make_up(&local(date(2026, 9, 1), LocalKind::Closure), tuesday, plain), Ok(()));
}

#[test]
fn c3_a_term_is_corrected_until_its_first_day() {
    for (today, expected) in [
        (date(2026, 8, 31), Ok(())),
        (date(2026, 9, 1), Err(TermRefused::Begun)),
        (date(2027, 2, 1), Err(TermRefused::Begun)),
    ] {
        assert_eq!(correct_term(&autumn(), today), expected, "{today}");
    }
}

#[test]
fn c3_a_second_declaration_is_asked_about_and_free_days_lie_within_the_span() {
    let (first, last) = (date(2027, 1, 1), date(2027, 1, 4));
    let before = declare(first, last, &[first], "等待通知").unwrap();
    let after = declare(first, last, &[], "等待通知").unwrap();
    assert_eq!(redeclare(&[], &after, 0), Ok(()));
    assert_eq!(redeclare(&before, &before, 0), Ok(()));
    let asked = LocalRefused::Redeclares { days: 1, first, last: first };
    assert_eq!(redeclare(&before, &after, 0), Err(asked));
    assert_eq!(redeclare(&before, &after, 1), Ok(()));
    let outside = date(2027, 2, 5);
    assert_eq!(declare(first, last, &[outside], "等待通知"), Err(LocalRefused::FreeOutside { day: outside }));
}
