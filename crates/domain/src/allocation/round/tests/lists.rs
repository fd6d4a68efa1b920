use super::*;

#[test]
fn a_family_says_which_day_counts_first() {
    let list = |week: &[i8]| WishList { week: week.to_vec(), ..WishList::read(1, "0,1 - - 3 -").unwrap() };
    let table: [(&[i8], WishStep, &[i8]); 5] = [
        (&[], WishStep::First(4), &[4]),
        (&[4], WishStep::First(4), &[4]),
        (&[4], WishStep::First(1), &[1, 4]),
        (&[1, 4, 2], WishStep::First(2), &[2, 1, 4]),
        (&[1, 4], WishStep::ByRank, &[]),
    ];
    for (before, step, after) in table {
        assert_eq!(list(before).after(step, &[]).week, after, "{before:?} {step:?}");
    }
    let turns: [(&[i8], &[i8]); 4] = [(&[], &[]), (&[4], &[4]), (&[4, 1], &[4, 1, 1]), (&[2, 1], &[1, 1])];
    for (week, expected) in turns {
        assert_eq!(list(week).turns(), expected, "{week:?}");
        assert_eq!(WishList::read_week(&list(week).week_written()), Some(week.to_vec()));
    }
    assert_eq!(WishList::read_week("1x"), None);
    let (nobody, fills) = (chooser(), Setup { method: Method::MostSeats, ..setup() });
    let faults = |week: &[i8], setup: &Setup| {
        WishList { week: week.to_vec(), weekly_limit: 1, ..WishList::default() }.faults(setup, &nobody, &[])
    };
    assert_eq!(faults(&[5, 1], &setup()), []);
    for wrong in [&[6][..], &[0], &[1, 1], &[-1]] {
        assert_eq!(faults(wrong, &setup()), [WishFault::Week], "{wrong:?}");
    }
    assert_eq!((faults(&[], &fills), faults(&[1], &fills)), (vec![], vec![WishFault::Week]));
}

#[test]
fn a_list_says_beside_a_sibling_where_the_round_heeds_it() {
    let heeds = Setup { favours: Favours { beside: true, ..Favours::default() }, ..setup() };
    let list = WishList { weekly_limit: 1, ..WishList::default() }.after(WishStep::Beside(true), &[]);
    assert_eq!(list.faults(&heeds, &chooser(), &[]), []);
    assert_eq!(list.faults(&setup(), &chooser(), &[]), [WishFault::Beside]);
    assert!(!list.after(WishStep::Beside(false), &[]).beside);
    assert_eq!(heeds.faults(at(0)), []);
    assert_eq!(Setup { way: Way::FirstCome, ..heeds }.faults(at(0)), [SetupFault::Beside]);
}
