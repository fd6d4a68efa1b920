//! The 40-rule as its sentence says it, step by step (E5).

use super::{Formation, Formed, Grade, HomeClass, Kind, Part, Refused, Rule, by_grade};

/// Forms the groups literally: in each grade the smallest class takes in the next smallest as long as there is
/// room, then the next group begins. At last each grade below `keep`, the smallest first (the lower one of two
/// alike), joins the smallest group of a neighbouring grade that has room for all of it.
pub fn literal(classes: &[HomeClass], rule: Rule) -> Result<Formation, Refused> {
    let grades = by_grade(classes, rule)?;
    let mut groups = Vec::new();
    for grade in &grades {
        let own = grade.own_parts(rule).into_iter();
        groups.extend(own.map(|(part, _)| Formed::of(Kind::Own, vec![part])));
    }
    let own = groups.len();
    groups.extend(grades.iter().flat_map(|grade| smallest_first(grade, rule)));
    let within_grades = groups.len() - own;
    for grade in smallest_grades(&grades) {
        join(&mut groups, grade, rule);
    }
    Ok(Formation::of(groups, within_grades))
}

fn smallest_first(grade: &Grade, rule: Rule) -> Vec<Formed> {
    let mut classes: Vec<&HomeClass> = grade.small.iter().collect();
    classes.sort_unstable_by_key(|class| (class.applicants, class.class.no));
    let mut groups: Vec<Vec<Part>> = Vec::new();
    let mut seats = 0;
    for class in classes {
        let part = Part { class: class.class, children: class.applicants };
        if let Some(group) = groups.last_mut().filter(|_| part.children <= seats) {
            group.push(part);
        } else {
            groups.push(vec![part]);
            seats = rule.cap;
        }
        seats -= part.children;
    }
    groups.into_iter().map(|parts| Formed::of(Kind::Merged, parts)).collect()
}

/// The grades that are one group each, those with the fewest children first.
fn smallest_grades(grades: &[Grade]) -> Vec<u8> {
    let mut small: Vec<&Grade> = grades.iter().filter(|grade| grade.is_one).collect();
    small.sort_unstable_by_key(|grade| (grade.children(), grade.number));
    small.into_iter().map(|grade| grade.number).collect()
}

/// Lets the group of a grade join one of a neighbouring grade; one that took in a neighbour already stays.
fn join(groups: &mut Vec<Formed>, grade: u8, rule: Rule) {
    let own = |group: &Formed| group.kind == Kind::Merged && group.parts[0].class.grade == grade;
    let Some(mine) = groups.iter().position(own) else { return };
    let children = groups[mine].children();
    let has_room = |group: &Formed| {
        let beside = group.parts[0].class.grade.abs_diff(grade) == 1;
        group.kind == Kind::Merged && beside && group.children() + children <= u32::from(rule.cap)
    };
    let rooms = groups.iter().enumerate().filter(|(_, group)| has_room(group));
    let Some((host, _)) = rooms.min_by_key(|(_, group)| (group.children(), group.parts[0].class)) else {
        return;
    };
    let parts = [&groups[host].parts[..], &groups[mine].parts[..]].concat();
    groups[host] = Formed::of(Kind::Merged, parts);
    groups.swap_remove(mine);
}
