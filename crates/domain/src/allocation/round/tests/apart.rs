use super::*;

#[test]
fn two_offerings_of_a_slot_are_kept_apart_before_families_choose_one_of_them() {
    use ApartRefused as R;
    let noon = Details { meetings: vec![Meeting { weekday: 2, slot: SlotId("noon".to_owned()) }], ..chess() };
    let thursday =
        Details { meetings: vec![Meeting { weekday: 4, slot: SlotId("afternoon".to_owned()) }], ..chess() };
    let (chess, published) = (chess(), Status::Published);
    let one = Declared { id: id(1), status: published, details: &chess };
    let other = Declared { id: id(2), status: published, details: &thursday };
    let table = [
        ("on two days", other, 0, Ok(())),
        ("a draft", Declared { status: Status::Draft, ..other }, 0, Ok(())),
        ("itself", one, 0, Err(R::Same)),
        ("one that ended", Declared { status: Status::Withdrawn, ..other }, 0, Err(R::Ended)),
        ("in another slot", Declared { details: &noon, ..other }, 0, Err(R::OtherSlot)),
        ("while families choose", other, 2, Err(R::Choosing(2))),
    ];
    for (name, other, rounds, expected) in table {
        assert_eq!(may_keep_apart(one, other, rounds), expected, "{name}");
    }
    assert_eq!((may_let_together(0), may_let_together(1)), (Ok(()), Err(R::Choosing(1))));
}
