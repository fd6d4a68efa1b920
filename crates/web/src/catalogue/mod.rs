//! What a school offers beside base care: the office's list, the reviewer's pile, what families and staff read.

mod apart;
mod api;
mod brought;
mod copies;
mod family;
mod form;
mod import_api;
mod imports;
mod list;
mod read_back;
mod review;
mod typed;
pub(crate) mod words;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use kehou_app::people::import::LARGEST_FILE;
use kehou_domain::access::{KeepOfferings, ReadCatalogue, ReadOfferings, ReviewOfferings};
use kehou_domain::ids::EntityId;

use crate::fault::Fault;
use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    // the form around the file needs some room as well
    let upload = imports::create.layer(DefaultBodyLimit::max(LARGEST_FILE + 64 * 1024));
    Routes::new()
        .get::<ReadOfferings, _>("/schools/{school}/offerings", list::index)
        .get::<KeepOfferings, _>("/schools/{school}/offerings/new", form::new)
        .post::<KeepOfferings, _>("/schools/{school}/offerings", form::create)
        .get::<ReadOfferings, _>("/schools/{school}/offerings/{offering}", form::show)
        .post::<KeepOfferings, _>("/schools/{school}/offerings/{offering}", form::update)
        .post::<KeepOfferings, _>("/schools/{school}/offerings/{offering}/handing-in", form::hand_in)
        .post::<KeepOfferings, _>("/schools/{school}/offerings/{offering}/taking-back", form::take_back)
        .post::<KeepOfferings, _>("/schools/{school}/offerings/{offering}/withdrawal", form::withdraw)
        .post::<KeepOfferings, _>("/schools/{school}/offerings/{offering}/apart", apart::create)
        .post::<KeepOfferings, _>(
            "/schools/{school}/offerings/{offering}/apart/{other}/ending",
            apart::destroy,
        )
        .get::<KeepOfferings, _>("/schools/{school}/offering-copies", copies::show)
        .post::<KeepOfferings, _>("/schools/{school}/offering-copies", copies::create)
        .get::<KeepOfferings, _>("/schools/{school}/offering-imports/new", imports::new)
        .get::<KeepOfferings, _>("/schools/{school}/offering-imports/template.xlsx", imports::template)
        .post::<KeepOfferings, _>("/schools/{school}/offering-imports", upload)
        .get::<KeepOfferings, _>("/schools/{school}/offering-imports/{import}", imports::show)
        .post::<KeepOfferings, _>("/schools/{school}/offering-imports/{import}", imports::confirm)
        .get::<ReviewOfferings, _>("/schools/{school}/offering-reviews", review::index)
        .get::<ReviewOfferings, _>("/schools/{school}/offering-reviews/{offering}", review::show)
        .post::<ReviewOfferings, _>("/schools/{school}/offering-reviews/{offering}", review::decide)
        .get::<ReadCatalogue, _>("/schools/{school}/catalogue", list::catalogue)
        .get::<ReadCatalogue, _>("/children/{student}/catalogue", family::show)
        .and(api_routes())
}

fn api_routes() -> Routes {
    Routes::new()
        .api::<ReadCatalogue, _, (), Vec<api::OfferingOut>>(
            Method::GET,
            "/api/v1/schools/{school}/offerings",
            described("The offerings of the term that runs or comes next; who keeps or reviews them sees all of them, others the published ones"),
            api::index,
        )
        .api::<KeepOfferings, _, api::NewOffering, api::Written>(
            Method::POST,
            "/api/v1/schools/{school}/offerings",
            described("Write an offering as a draft; without a term it is for the one that runs or comes next"),
            api::create,
        )
        .api::<KeepOfferings, _, (), api::LastTermOut>(
            Method::GET,
            "/api/v1/schools/{school}/offering-copies",
            described("What the last term published, with what has become of each; for the term that runs or comes next"),
            api::last_term,
        )
        .api::<KeepOfferings, _, api::NewCopies, api::CopiedOut>(
            Method::POST,
            "/api/v1/schools/{school}/offering-copies",
            described("Copy offerings of the last term as drafts; those that the term has already are left as they are"),
            api::copy,
        )
        .api::<KeepOfferings, _, (), api::Moved>(
            Method::POST,
            "/api/v1/schools/{school}/offerings/{offering}/handing-in",
            described("Hand an offering to the reviewer"),
            api::hand_in,
        )
        .api::<KeepOfferings, _, api::NewRetirement, api::Moved>(
            Method::POST,
            "/api/v1/schools/{school}/offerings/{offering}/taking-back",
            described("Take an offering back to change it; where children have a seat, their number is agreed to and their families are told"),
            api::take_back,
        )
        .api::<KeepOfferings, _, api::NewRetirement, api::Moved>(
            Method::POST,
            "/api/v1/schools/{school}/offerings/{offering}/withdrawal",
            described("End an offering; where children have a seat, their number is agreed to and their families read the reason"),
            api::withdraw,
        )
        .api::<ReviewOfferings, _, api::NewVerdict, api::Moved>(
            Method::POST,
            "/api/v1/schools/{school}/offerings/{offering}/decision",
            described("Publish an offering or send it back with a reason; never one's own"),
            api::decide,
        )
        .and(import_routes())
}

fn import_routes() -> Routes {
    Routes::new()
        .api::<KeepOfferings, _, import_api::NewImport, import_api::ImportOut>(
            Method::POST,
            "/api/v1/schools/{school}/offering-imports",
            described("Send a table of offerings; the answer says what would become of each row, and nothing is written"),
            import_api::create,
        )
        .api::<KeepOfferings, _, (), import_api::ImportOut>(
            Method::GET,
            "/api/v1/schools/{school}/offering-imports/{import}",
            described("What would become of each row of a table that was sent"),
            import_api::show,
        )
        .api::<KeepOfferings, _, import_api::NewConfirmation, import_api::CountsOut>(
            Method::POST,
            "/api/v1/schools/{school}/offering-imports/{import}",
            described("Write the drafts of a table, all of them or none, when the counts are those that were shown"),
            import_api::confirm,
        )
}

/// The id in an address; anything else is not there.
fn id<I: EntityId>(text: &str) -> Result<I, Fault> {
    I::parse(text).ok_or(Fault::NotFound)
}
