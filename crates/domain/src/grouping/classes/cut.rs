//! Small classes cut into even groups, for schools that ask for it.

use super::Part;
use super::even;
use super::pack::{Cost, Item, Packing, Side};

/// The fewest groups that may divide the classes of a grade: its children in the order of their classes, the grade
/// below before them and the one above after them, cut into even portions. Nothing when a grade that joins would
/// sit by itself. Who leaves a running group is not weighed.
pub(super) fn cut(items: &[Item], cap: u32) -> Option<Packing> {
    let line: Vec<&Item> = items.iter().filter(|item| !item.alone).collect();
    let sum: u32 = line.iter().map(|item| item.size).sum();
    let joining = line.iter().filter(|item| item.side != Side::Home).count();
    let count = sum.div_ceil(cap).max(u32::try_from(joining).ok()?);
    let sizes: Vec<u32> = even(u16::try_from(sum).ok()?, u16::try_from(count).ok()?).map(u32::from).collect();
    let (below, above) = (ends(&line, Side::Below), ends(&line, Side::Above));
    let is_alone = |joining: u32, size: Option<&u32>| 0 < joining && size.is_none_or(|size| *size <= joining);
    if is_alone(below, sizes.first()) || is_alone(above, sizes.last()) {
        return None;
    }
    let mut groups: Vec<(bool, Vec<Part>)> =
        portions(&line, &sizes).into_iter().map(|parts| (false, parts)).collect();
    let alone = items.iter().filter(|item| item.alone);
    let mut cost = Cost { groups: sizes.len(), ..Cost::default() };
    cost.across += if 0 < below { sizes[0] } else { 0 };
    cost.across += if 0 < above && !(0 < below && sizes.len() == 1) { sizes[sizes.len() - 1] } else { 0 };
    cost.squares = sizes.iter().map(|size| u64::from(*size).pow(2)).sum();
    for item in alone {
        cost = cost + Cost { groups: 1, squares: u64::from(item.size).pow(2), ..Cost::default() };
        groups.push((true, item.parts.clone()));
    }
    Some(Packing { cost, groups, proved: true })
}

fn ends(line: &[&Item], side: Side) -> u32 {
    line.iter().filter(|item| item.side == side).map(|item| item.size).sum()
}

/// Cuts the line into portions of these sizes.
fn portions(line: &[&Item], sizes: &[u32]) -> Vec<Vec<Part>> {
    let mut parts = line.iter().flat_map(|item| item.parts.iter().copied());
    let mut next = parts.next();
    let mut groups = Vec::new();
    for size in sizes {
        let (mut group, mut seats) = (Vec::new(), *size);
        while let Some(part) = next.filter(|_| 0 < seats) {
            let children = u16::try_from(seats).map_or(part.children, |seats| part.children.min(seats));
            group.push(Part { children, ..part });
            seats -= u32::from(children);
            let left = part.children - children;
            next = if left == 0 { parts.next() } else { Some(Part { children: left, ..part }) };
        }
        groups.push(group);
    }
    groups
}
