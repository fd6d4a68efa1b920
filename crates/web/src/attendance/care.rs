//! The care log of a session, and the day's logs for those who lead the day (G8, G9).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::attendance::{self, CareLog};
use kehou_domain::access::{ReadCareLog, WriteCareLog};
use kehou_domain::attendance::log_entry;
use kehou_domain::ids::SessionId;
use kehou_domain::people::cell::squeeze;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "attendance/care_log.html")]
struct LogPage {
    school: String,
    log: CareLog,
    may_write: bool,
    form: EntryForm,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "attendance/care_logs.html")]
struct LogsPage {
    school: String,
    day: Date,
    logs: Vec<CareLog>,
}

/// An entry as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct EntryForm {
    #[serde(default)]
    happened: String,
    #[serde(default)]
    heads: String,
}

impl EntryForm {
    /// How many were counted, or everything that is wrong with the entry when that cannot be read.
    fn heads(&self, lang: Lang) -> Result<Option<u32>, Problems> {
        let text = squeeze(&self.heads);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| {
            let mut problems = Problems::none();
            problems.add("heads", lang.t("填现场数到的人数，只要数字"));
            // a count that cannot be read is meant as one: what happened need not be said beside it
            let said = log_entry(&self.happened, Some(0)).err().unwrap_or_default();
            problems.and(words::entry_refused(lang, said));
            problems
        })
    }
}

pub(super) async fn show(seat: Seat, Path((_, session)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = page(&seat, id(&session)?, (EntryForm::default(), Problems::none())).await?;
    seat.page(&page)
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let day = seat.today();
    let logs = seat.read::<ReadCareLog, _>(move |tx| attendance::care_logs(tx, day)).await?;
    seat.page(&LogsPage { school: seat.school().code.clone(), day, logs })
}

pub(super) async fn create(
    seat: Seat,
    key: Key,
    Path((_, session)): Path<(String, String)>,
    Form(form): Form<EntryForm>,
) -> Result<Response, Fault> {
    let session: SessionId = id(&session)?;
    let lang = seat.lang();
    let heads = match form.heads(lang) {
        Ok(heads) => heads,
        Err(problems) => {
            let page = page(&seat, session, (form, problems)).await?;
            return seat.refused(&page);
        }
    };
    let happened = form.happened.clone();
    let written = seat.write::<WriteCareLog, String, Vec<Refusal>>(&key, move |tx| {
        let written = attendance::write_care(tx, session, &happened, heads);
        Ok(written.map_err(|why| why.map(|why| words::entry_refused(lang, why)))?.to_string())
    });
    match written.await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("rolls/{session}/log")))),
        Err(refusals) => {
            let page = page(&seat, session, (form, refusals.into())).await?;
            seat.refused(&page)
        }
    }
}

async fn page(
    seat: &Seat,
    session: SessionId,
    (form, problems): (EntryForm, Problems),
) -> Result<LogPage, Fault> {
    let log = seat.read::<ReadCareLog, _>(move |tx| attendance::care_log(tx, session)).await?;
    let (school, may_write) = (seat.school().code.clone(), seat.may::<WriteCareLog>());
    Ok(LogPage { school, log, may_write, form, problems })
}
