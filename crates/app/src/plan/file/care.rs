//! The tables about groups, leaving, absences, staff and reports.

use kehou_domain::access::Role;
use kehou_domain::plan::{
    Absence, Counted, Grades, GroupRule, Participation, Place, Post, Ratio, ReleaseRule, Report, SlotId,
    Staff,
};

use super::Places;
use super::fields::Fields;
use super::problem::Shape;
use super::values;

pub(super) fn groups(top: &mut Fields<'_, '_>, places: &mut Places) -> Vec<GroupRule> {
    let mut groups = Vec::new();
    for mut table in top.tables("groups", "groups") {
        let (kind, grouping) = (table.word("kind"), table.word("grouping"));
        let slots = slot_names(&mut table);
        let (min, max) = (table.number("min", 1, 999), table.number("max", 1, 999));
        let in_principle = table.flag("in_principle");
        let counted = table.maybe_word("counted").unwrap_or(Counted::Staying);
        places.put(Place::Group(groups.len()), &table);
        table.finish();
        if let (Some(kind), Some(grouping)) = (kind, grouping) {
            groups.push(GroupRule { kind, grouping, slots, min, max, in_principle, counted });
        }
    }
    groups
}

/// Slots by their short names.
pub(super) fn slot_names(table: &mut Fields<'_, '_>) -> Vec<SlotId> {
    let list = table.list("slots");
    let names = list.into_iter().filter_map(|value| {
        let name = values::text(value.get_ref());
        if name.is_none() {
            table.misshapen("slots", value, Shape::Text);
        }
        name.map(SlotId)
    });
    names.collect()
}

pub(super) fn release(top: &mut Fields<'_, '_>, grades: Grades) -> Vec<ReleaseRule> {
    let tables = top.tables("release", "release");
    let rules = tables.into_iter().map(|mut table| {
        let rule =
            ReleaseRule { grades: table.grades("grades").unwrap_or(grades), modes: table.words("modes") };
        table.finish();
        rule
    });
    rules.collect()
}

pub(super) fn absence(top: &mut Fields<'_, '_>) -> Option<Absence> {
    let mut table = top.table("absence", "absence")?;
    let written = table.flag("written");
    let to = table.role("to");
    let cut_off = table.maybe("cut_off", Shape::CutOff, values::cut_off);
    table.finish();
    Some(Absence { written, to: to.unwrap_or(Role::HomeroomTeacher), cut_off })
}

pub(super) fn staff(top: &mut Fields<'_, '_>) -> Staff {
    let none = Staff {
        participation: Participation::NotStated,
        opt_out: false,
        duty_letter: false,
        parent_helpers: false,
        ratios: Vec::new(),
        posts: Vec::new(),
    };
    let Some(mut table) = top.table("staff", "staff") else { return none };
    let staff = Staff {
        participation: table.maybe_word("participation").unwrap_or(none.participation),
        opt_out: table.flag("opt_out"),
        duty_letter: table.flag("duty_letter"),
        parent_helpers: table.flag("parent_helpers"),
        ratios: ratios(&mut table),
        posts: posts(&mut table),
    };
    table.finish();
    staff
}

fn ratios(staff: &mut Fields<'_, '_>) -> Vec<Ratio> {
    let tables = staff.tables("ratios", "staff.ratios");
    let ratios = tables.into_iter().filter_map(|mut table| {
        let (kind, per) = (table.word("staff"), table.word("per"));
        let read = |value: &_| values::number(value).filter(|number| (1..=999).contains(number));
        let pupils = table.need("pupils", Shape::Number { least: 1, most: 999 }, read);
        table.finish();
        Some(Ratio { staff: kind?, per: per?, pupils: pupils? })
    });
    ratios.collect()
}

fn posts(staff: &mut Fields<'_, '_>) -> Vec<Post> {
    let tables = staff.tables("posts", "staff.posts");
    let posts = tables.into_iter().filter_map(|mut table| {
        let post = table.word("post");
        let per_day = table.small("per_day", 1, 99);
        table.finish();
        Some(Post { post: post?, per_day })
    });
    posts.collect()
}

pub(super) fn reports(top: &mut Fields<'_, '_>) -> Vec<Report> {
    let tables = top.tables("reports", "reports");
    let reports = tables.into_iter().filter_map(|mut table| {
        let (kind, due, to) = (table.word("report"), table.word("due"), table.role("to"));
        table.finish();
        Some(Report { kind: kind?, due: due?, to: to? })
    });
    reports.collect()
}
