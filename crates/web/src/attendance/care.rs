//! The care log of a session, and the day's logs for those who lead the day (G8, G9).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::attendance::{self, CareLog};
use kehou_domain::access::{ReadCareLog, WriteCareLog};
use kehou_domain::ids::SessionId;
use kehou_domain::people::cell::squeeze;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
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
    let heads = match squeeze(&form.heads).as_str() {
        "" => Ok(None),
        text => text.parse::<u32>().map(Some),
    };
    let Ok(heads) = heads else {
        let refusal = Refusal::new("no_number", lang.t("填现场数到的人数，只要数字")).at("heads");
        let page = page(&seat, session, (form, refusal.into())).await?;
        return seat.refused(&page);
    };
    let happened = form.happened.clone();
    let written = seat.write::<WriteCareLog, String, Refusal>(&key, move |tx| {
        let written = attendance::write_care(tx, session, &happened, heads);
        Ok(written.map_err(|why| why.map(|why| words::entry_refused(lang, why)))?.to_string())
    });
    match written.await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("rolls/{session}/log")))),
        Err(refusal) => {
            let page = page(&seat, session, (form, refusal.into())).await?;
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
