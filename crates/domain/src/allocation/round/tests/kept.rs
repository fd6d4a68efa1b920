use super::*;

#[test]
fn f11_kept_seats_are_not_there_for_others_and_the_school_uses_them_first() {
    // capacity, taken, kept, entered; free for others, kept, any
    let table = [
        ([5, 0, 0, 0], [5, 0, 5]),
        ([5, 5, 0, 0], [0, 0, 0]),
        ([5, 0, 2, 0], [3, 2, 5]),
        ([5, 3, 2, 0], [0, 2, 2]),
        ([5, 3, 2, 1], [1, 1, 2]),
        ([5, 3, 2, 2], [2, 0, 2]),
        ([5, 4, 2, 4], [1, 0, 1]),
        ([2, 0, 2, 0], [0, 2, 2]),
        ([5, 4, 2, 0], [0, 1, 1]),
    ];
    for (counts, expected) in table {
        let [capacity, taken, kept, entered] = counts;
        let seats = Seats { capacity, taken, kept, entered };
        let free = [Share::Others, Share::Kept, Share::Any].map(|share| seats.free(share));
        assert_eq!(free, expected, "{seats:?}");
    }
}

#[test]
fn f11_a_family_counts_the_seats_that_it_can_have() {
    let seats = |taken, entered| Seats { capacity: 20, taken, kept: 3, entered };
    assert_eq!(seats(7, 2).counted(Share::Others), (17, 5));
    assert_eq!(seats(7, 5).counted(Share::Others), (17, 4));
    assert_eq!(seats(7, 2).counted(Share::Any), (20, 7));
    assert_eq!(seats(7, 2).counted(Share::Kept), (3, 2));
    let open = Setup { way: Way::FirstCome, ..setup() };
    let kept = Setup { favours: Favours { office_seats: 3, ..Favours::default() }, ..open.clone() };
    assert_eq!((kept.kept(20), kept.kept(2), open.kept(20)), (3, 2, 0));
    assert_eq!(Setup { way: Way::Ranked, ..kept.clone() }.kept(20), 0, "there they are kept by the draw");
    assert_eq!(kept.faults(at(0)), []);
}

#[test]
fn whoever_finds_no_seat_waits_behind_the_others() {
    use Channel::{Family, Office};
    let table = [
        ((0, 0), Family, Some(Share::Others)),
        ((0, 0), Office, Some(Share::Any)),
        ((3, 0), Family, None),
        ((3, 0), Office, Some(Share::Kept)),
        ((3, 1), Office, None),
        ((1, 1), Family, None),
    ];
    for ((all, by_office), by, expected) in table {
        assert_eq!(Waiting { all, by_office }.leave(by), expected, "{all} {by_office} {by:?}");
    }
}

#[test]
fn f11_seats_are_kept_until_the_round_closes() {
    use Stage as S;
    for stage in [S::Draft, S::Announced, S::Open] {
        assert_eq!(Share::of(Channel::Family, stage), Share::Others, "{stage:?}");
        assert_eq!(Share::of(Channel::Office, stage), Share::Any, "{stage:?}");
    }
    for stage in [S::Over, S::Published] {
        assert_eq!(Share::of(Channel::Family, stage), Share::Any, "{stage:?}");
    }
}
