//! 分组: who is cared for together. Base care keeps the home class together, one group for each class and slot; the
//! children of a club are a group of their own while it meets.
//! Where the plan merges small classes, [`classes`] says which.

pub mod classes;
mod day;

pub use day::{Club, Listed, OnDay, Roll, Standing, Staying, groups_on};

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::ids::{ClassId, GroupId, StudentId};
use crate::plan::SlotId;

/// A child's place in a slot, as the enrolment and the roster say it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The child.
    pub student: StudentId,
    /// The slot the child is enrolled in.
    pub slot: SlotId,
    /// The child's home class.
    pub class: ClassId,
}

/// A base-care group as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// The slot.
    pub slot: SlotId,
    /// The home class that it keeps together.
    pub class: ClassId,
    /// Its children today.
    pub members: Vec<StudentId>,
}

/// What has to change so that every child has a seat with its own class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Groups to open, with the class's name as theirs and its homeroom teacher as a first guess.
    pub open: Vec<(SlotId, ClassId, Vec<StudentId>)>,
    /// Children to add to a group from this day on.
    pub join: Vec<(GroupId, StudentId)>,
    /// Children whose last day in the group was yesterday.
    pub leave: Vec<(GroupId, StudentId)>,
}

/// Puts every child with its own home class (E5 comes later: small classes are not merged yet). A group without
/// children stays, so that its teacher and room are kept for the next one.
pub fn base_groups(places: &[Place], groups: &[Group]) -> Changes {
    let mut wanted: BTreeMap<(&SlotId, ClassId), Vec<StudentId>> = BTreeMap::new();
    for place in places {
        let children = wanted.entry((&place.slot, place.class)).or_default();
        if !children.contains(&place.student) {
            children.push(place.student);
        }
    }
    let mut changes = Changes::default();
    for group in groups {
        let children = wanted.remove(&(&group.slot, group.class)).unwrap_or_default();
        let joins = children.iter().filter(|child| !group.members.contains(child));
        changes.join.extend(joins.map(|child| (group.id, *child)));
        let leaves = group.members.iter().filter(|child| !children.contains(child));
        changes.leave.extend(leaves.map(|child| (group.id, *child)));
    }
    let opened = wanted.into_iter().map(|((slot, class), children)| (slot.clone(), class, children));
    changes.open.extend(opened);
    changes
}

/// A home class as people say it: 三(2)班.
pub fn class_name(grade: u8, class_no: u32) -> String {
    const GRADES: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let grade = usize::from(grade).checked_sub(1).and_then(|at| GRADES.get(at)).copied().unwrap_or("");
    format!("{grade}({class_no})班")
}

/// A stay in a group: it takes part in the session of a day when it has begun and not ended.
pub fn is_member_on(from_on: Date, to_on: Option<Date>, day: Date) -> bool {
    from_on <= day && to_on.is_none_or(|to_on| day <= to_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EntityId;

    fn child(number: u128) -> StudentId {
        StudentId::from_bits(number)
    }

    fn class(number: u128) -> ClassId {
        ClassId::from_bits(number)
    }

    fn afternoon() -> SlotId {
        SlotId("afternoon".into())
    }

    fn place(student: u128, in_class: u128) -> Place {
        Place { student: child(student), slot: afternoon(), class: class(in_class) }
    }

    fn group(in_class: u128, members: &[u128]) -> Group {
        let members = members.iter().map(|number| child(*number)).collect();
        Group { id: GroupId::from_bits(in_class), slot: afternoon(), class: class(in_class), members }
    }

    #[test]
    fn a_class_with_children_gets_its_group_once() {
        let places = [place(1, 1), place(2, 1), place(2, 1), place(3, 2)];
        let changes = base_groups(&places, &[]);
        let open =
            vec![(afternoon(), class(1), vec![child(1), child(2)]), (afternoon(), class(2), vec![child(3)])];
        assert_eq!(changes, Changes { open, ..Changes::default() });
    }

    #[test]
    fn nothing_changes_when_all_sit_with_their_class() {
        assert_eq!(base_groups(&[place(1, 1)], &[group(1, &[1])]), Changes::default());
    }

    #[test]
    fn a_child_who_changes_class_moves_along() {
        let changes = base_groups(&[place(1, 2)], &[group(1, &[1]), group(2, &[])]);
        let join = vec![(GroupId::from_bits(2), child(1))];
        let leave = vec![(GroupId::from_bits(1), child(1))];
        assert_eq!(changes, Changes { join, leave, ..Changes::default() });
    }

    #[test]
    fn classes_are_named_by_grade_and_number() {
        assert_eq!(class_name(3, 2), "三(2)班");
        assert_eq!(class_name(9, 11), "九(11)班");
    }

    #[test]
    fn slots_are_apart() {
        let noon = Place { slot: SlotId("noon".into()), ..place(1, 1) };
        let changes = base_groups(&[place(1, 1), noon], &[group(1, &[1])]);
        assert_eq!(changes.open, vec![(SlotId("noon".into()), class(1), vec![child(1)])]);
    }
}
