//! The children as the school now knows them: the roster's lines with their ids.

use std::collections::BTreeMap;

use anyhow::Context as _;
use kehou_app::people;
use kehou_domain::access::{ReadRoster, Role};
use kehou_domain::ids::{ClassId, StudentId};

use super::families::{Child, Parent};
use super::joining::seat;
use super::site::{SET_UP_ON, Site, act, morning};
use super::staff::Member;

/// A child on roll.
#[derive(Debug, Clone)]
pub(super) struct Pupil {
    pub(super) id: StudentId,
    pub(super) class: ClassId,
    pub(super) grade: u8,
    pub(super) boards: bool,
    pub(super) parents: Vec<Parent>,
}

/// Finds the roster's children on roll, class by class. Namesakes in one class stay out: nothing tells them apart.
pub(super) async fn on_roll(site: &Site, staff: &[Member], children: &[Child]) -> anyhow::Result<Vec<Pupil>> {
    let mut known: BTreeMap<(u8, u8, String), Vec<&Child>> = BTreeMap::new();
    for child in children {
        known.entry((child.grade, child.class, child.name.clone())).or_default().push(child);
    }
    let office = staff.iter().find(|member| member.roles.contains(&Role::AcademicOffice));
    let phone = &office.context("the office is staffed")?.phone;
    let office = seat(site, phone, Role::AcademicOffice, morning(SET_UP_ON)).await?;
    let pages = act::<ReadRoster, _, ()>(&office, |tx| {
        let classes = people::class_cards(tx)?;
        Ok(classes.iter().map(|card| people::class_page(tx, card.class.id)).collect::<Result<Vec<_>, _>>()?)
    })
    .await?;
    let mut pupils = Vec::new();
    for page in pages {
        let (class, number) = (page.card.class.id, page.card.class.key.class_no);
        let Some(grade) = page.card.grade else { continue };
        for student in page.students {
            if let Some([child]) = known.get(&(grade, number, student.name)).map(Vec::as_slice) {
                let (boards, parents) = (child.boards, child.parents.clone());
                pupils.push(Pupil { id: student.id, class, grade, boards, parents });
            }
        }
    }
    Ok(pupils)
}
