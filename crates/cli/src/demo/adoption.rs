//! Adopting the plan for the running term: open times are answered, then draft, check, approval, filing, in force.

use kehou_app::plan;
use kehou_domain::access::{ApprovePlan, DraftPlan, FilePlan};

use super::district::DemoSchool;
use super::site::{SET_UP_ON, Site, TERM_FROM, morning};

/// The times that the school answers where its plan says nothing, in the order of the file.
fn answers(code: &str) -> &'static [&'static str] {
    match code {
        "s0" => &["15:20", "15:20", "17:20"],
        "s1a" | "s4e" => &["15:40", "17:40"],
        "s1b" | "s3" | "s4b" => &["15:40"],
        "s1c" => &["19:40"],
        "s1e" => &["15:40", "17:40", "17:00", "17:40", "17:40", "18:30"],
        _ => &[],
    }
}

/// The plan's text as this school adopts it: under its own name, with the open times answered. Dates of the source that
/// the running term replaces stay open.
pub(super) fn answered(school: &DemoSchool) -> String {
    let mut answers = answers(school.code).iter();
    let lines = school.text.lines().map(|line| {
        if line.starts_with("school = ") {
            return format!("school = \"{}\"", school.name);
        }
        let is_time = ["start = ", "end = ", "at = "].iter().any(|key| line.starts_with(key));
        match line.split_once("\"not stated\"") {
            Some((key, rest)) if is_time => {
                answers.next().map_or_else(|| line.to_owned(), |time| format!("{key}\"{time}\"{rest}"))
            }
            _ => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Takes the plan through every step, so that it is in force from the first day of the term.
pub(super) async fn adopt(site: &Site) -> anyhow::Result<()> {
    let at = morning(SET_UP_ON);
    let text = answered(&site.school);
    let id = site
        .act::<DraftPlan, _, _>(at, move |tx| {
            let id = plan::draft(tx, &text)?;
            plan::check(tx, id)?;
            Ok(id)
        })
        .await?;
    site.act::<ApprovePlan, _, _>(at, move |tx| plan::approve(tx, id)).await?;
    site.act::<FilePlan, _, _>(at, move |tx| {
        plan::note_filing(tx, id, "教育局备案〔2026〕号")?;
        plan::put_in_force(tx, id, TERM_FROM, kehou_domain::plan::Agreed { today: true, left_out: 0 })
    })
    .await
}

#[cfg(test)]
mod tests {
    use kehou_app::plan::file;

    use super::super::district::SCHOOLS;
    use super::answered;

    #[test]
    fn every_plan_can_be_adopted_under_the_school_s_name_once_its_times_are_answered() {
        for school in SCHOOLS {
            let reading = file::read(&answered(&school));
            assert_eq!(reading.problems, [], "{}", school.code);
            let plan = reading.plan.unwrap();
            assert!(!plan.lacks_times(), "{}", school.code);
            assert_eq!(plan.school, school.name);
        }
    }
}
