//! The fewest groups that the limits of the 40-rule allow (E5).

use super::cut::cut;
use super::pack::{Cost, Item, Packing, Side, pack};
use super::{Formation, Formed, Grade, HomeClass, Kind, Part, Refused, Rule, Splitting, by_grade};

/// The best groups, and what is known of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    /// The groups.
    pub formation: Formation,
    /// Children who leave the running group that they sit in. Among the groups of a grade each running group is
    /// carried on by at most one.
    pub moved: u32,
    /// Whether none is better; a grade of very many small classes may end the search before that is known.
    pub proved: bool,
}

/// Forms the groups exactly. All children are served, no limit is broken and no class is divided unless that was
/// asked for. Then, the more important first: the fewest groups; the fewest children in groups of two grades; the
/// fewest who leave their running group; the most even sizes; the first in the order of classes. A grade below
/// `keep` is one group by the plan's sentence, so it stays together here as well.
pub fn exact(classes: &[HomeClass], rule: Rule) -> Result<Exact, Refused> {
    let grades = by_grade(classes, rule)?;
    let mut table = Table { grades: &grades, rule, packings: Vec::new(), within_grades: 0 };
    let way = table.best();
    let chosen = way.packings.iter().map(|at| &table.packings[*at]);
    let kind = |is_own: bool| if is_own { Kind::Own } else { Kind::Merged };
    let groups = chosen.clone().flat_map(|packing| packing.groups.iter());
    let groups = groups.map(|(is_own, parts)| Formed::of(kind(*is_own), parts.clone())).collect();
    let proved = chosen.clone().all(|packing| packing.proved);
    let formation = Formation::of(groups, table.within_grades);
    Ok(Exact { formation, moved: way.cost.moved, proved })
}

/// The packings of all grades up to one.
#[derive(Clone, Default)]
struct Way {
    cost: Cost,
    packings: Vec<usize>,
}

/// What is known of each grade, with and without its neighbours.
struct Table<'a> {
    grades: &'a [Grade],
    rule: Rule,
    packings: Vec<Packing>,
    within_grades: usize,
}

impl Table<'_> {
    /// The best way through the grades, lowest first: each grade that is one group either has its own or joins
    /// the grade before or after it.
    fn best(&mut self) -> Way {
        let count = self.grades.len();
        // for each grade without and with the one below joining it
        let mut ways: Vec<[Option<Way>; 2]> = vec![[None, None]; count + 1];
        ways[0][0] = Some(Way::default());
        for at in 0..count {
            for below in [false, true] {
                let Some(way) = ways[at][usize::from(below)].take() else { continue };
                if !below && self.may_go_up(at) {
                    self.offer(&mut ways[at + 1][1], Some(way.clone()));
                }
                if self.may_take(at) {
                    let both = self.with(&way, (at, below, true));
                    self.offer(&mut ways[at + 2][0], both);
                }
                let next = self.with(&way, (at, below, false));
                self.offer(&mut ways[at + 1][0], next);
            }
        }
        ways[count][0].take().expect("every grade can keep to itself")
    }

    fn are_neighbours(&self, at: usize) -> bool {
        self.grades.get(at + 1).is_some_and(|next| next.number == self.grades[at].number + 1)
    }

    /// Whether the grade may join the next one; of two that are one group each, the upper joins the lower.
    fn may_go_up(&self, at: usize) -> bool {
        self.grades[at].is_one && self.are_neighbours(at) && !self.grades[at + 1].is_one
    }

    /// Whether the grade may take in the next one.
    fn may_take(&self, at: usize) -> bool {
        self.are_neighbours(at) && self.grades[at + 1].is_one
    }

    /// The way with the groups of one more grade, with the neighbours below and above or without.
    fn with(&mut self, way: &Way, (at, below, above): (usize, bool, bool)) -> Option<Way> {
        let grade = &self.grades[at];
        let mut items = if below { vec![joining(&self.grades[at - 1], Side::Below)] } else { Vec::new() };
        items.extend(of_grade(grade, self.rule));
        items.extend(above.then(|| joining(&self.grades[at + 1], Side::Above)));
        let packing = packed(&items, self.rule, grade.is_one)?;
        if !below && !above {
            self.within_grades += packing.groups.iter().filter(|(is_own, _)| !is_own).count();
        }
        self.packings.push(packing);
        let last = self.packings.len() - 1;
        let packings = way.packings.iter().copied().chain([last]).collect();
        Some(Way { cost: way.cost + self.packings[last].cost, packings })
    }

    /// Keeps the better of two ways through the same grades.
    fn offer(&self, place: &mut Option<Way>, way: Option<Way>) {
        let Some(way) = way else { return };
        let order =
            |way: &Way| -> Vec<_> { way.packings.iter().flat_map(|at| self.packings[*at].order()).collect() };
        let is_better = place.as_ref().is_none_or(|known| {
            way.cost < known.cost || (way.cost == known.cost && order(&way) < order(known))
        });
        if is_better {
            *place = Some(way);
        }
    }
}

fn packed(items: &[Item], rule: Rule, is_one: bool) -> Option<Packing> {
    let cap = u32::from(rule.cap);
    let whole = pack(items, cap);
    let divided = match rule.splitting {
        Splitting::Evenly if !is_one => cut(items, cap),
        Splitting::Evenly | Splitting::Never => None,
    };
    match (whole, divided) {
        (Some(whole), Some(divided)) if divided.cost.groups < whole.cost.groups => Some(divided),
        (whole, divided) => whole.or(divided),
    }
}

/// What sits together of a grade, in the order of its classes.
fn of_grade(grade: &Grade, rule: Rule) -> Vec<Item> {
    let own =
        grade.own_parts(rule).into_iter().map(|(part, running)| Item { alone: true, ..item(part, running) });
    let mut items: Vec<Item> = own.collect();
    if grade.is_one {
        items.push(joining(grade, Side::Home));
    } else {
        let whole = |class: &HomeClass| Part { class: class.class, children: class.applicants };
        items.extend(grade.small.iter().map(|class| item(whole(class), class.running)));
    }
    items.sort_by(|one, other| one.parts.cmp(&other.parts));
    items
}

fn item(part: Part, running: Option<u32>) -> Item {
    let size = u32::from(part.children);
    let running = running.map(|group| (group, size)).into_iter().collect();
    Item { size, side: Side::Home, alone: false, parts: vec![part], running }
}

/// A whole grade as one.
fn joining(grade: &Grade, side: Side) -> Item {
    let whole = |class: &HomeClass| Part { class: class.class, children: class.applicants };
    let mut running: Vec<(u32, u32)> = Vec::new();
    for class in &grade.small {
        let children = u32::from(class.applicants);
        match running.iter_mut().find(|(known, _)| Some(*known) == class.running) {
            Some((_, stay)) => *stay += children,
            None => running.extend(class.running.map(|group| (group, children))),
        }
    }
    let parts = grade.small.iter().map(whole).collect();
    Item { size: u32::from(grade.children()), side, alone: false, parts, running }
}
