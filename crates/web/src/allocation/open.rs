//! The public page of a round: rules, commitments, seats, numbers, cut-offs, and the check of a draw in the browser.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kehou_app::allocation::round::{self, PublicRound};
use kehou_db::{School, hex};
use kehou_domain::access::ReadRound;
use kehou_domain::allocation::round::{Stage, Way};
use kehou_domain::ids::RoundId;

use super::round::{Row, apart, draw_facts, row, rules};
use super::{id, rounds, said};
use crate::answer;
use crate::fault::Fault;
use crate::filters;
use crate::frame::{Frame, Surroundings};
use crate::lang::Lang;
use crate::look::Look;
use crate::seat::SignIn;
use crate::web::Web;

/// What the browser computes from; nothing of it is secret.
struct Published {
    school: String,
    term: String,
    round: String,
    commitment: String,
    root: String,
    secret: String,
    beacon: String,
    seed: String,
    scheme: &'static str,
}

#[derive(Template)]
#[template(path = "allocation/open.html")]
struct OpenPage {
    name: String,
    school: String,
    stage: (&'static str, &'static str, &'static str),
    is_ranked: bool,
    is_told: bool,
    /// Whether something of it meets on several days.
    has_several: bool,
    facts: Vec<(&'static str, String)>,
    draw: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    why: Option<String>,
    published: Option<Published>,
}

/// For anybody, signed in or not: whoever sees the paper on the wall can check the draw.
pub(super) async fn show(
    State(web): State<Web>,
    look: Look,
    sign_in: Option<SignIn>,
    Path((code, wanted)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let wanted: RoundId = id(&wanted)?;
    let at = web.now();
    let school = web.db().school(&code, at).await?;
    let found = web.db().shown::<ReadRound, _>(&school, at, move |tx| round::public(tx, wanted)).await?;
    let frame = sign_in.map_or_else(|| outside(&web, look, (&school, wanted)), |one| one.frame());
    answer::page(&frame, &page(frame.lang(), &school, &found))
}

/// What surrounds the page of somebody who is not signed in.
fn outside(web: &Web, look: Look, (school, wanted): (&School, RoundId)) -> Frame {
    let path = format!("/schools/{}/rounds/{wanted}/open", school.code);
    Frame::new(Surroundings { look, path, seat: None, demo: web.is_demo() })
}

fn page(lang: Lang, school: &School, found: &PublicRound) -> OpenPage {
    let setup = &found.round.setup;
    let mut facts = vec![
        ("怎么选", lang.t(said::way(setup.way)).to_owned()),
        ("时间", rounds::window(lang, setup)),
        ("每周最多几门", setup.weekly_limit.to_string()),
    ];
    facts.extend(rules(lang, &found.round));
    facts.extend(apart(lang, &found.offered));
    OpenPage {
        name: setup.name.clone(),
        school: school.name.clone(),
        stage: said::stage(found.stage),
        is_ranked: setup.way == Way::Ranked,
        is_told: found.stage == Stage::Published,
        has_several: found.offered.iter().any(|one| 1 < one.listed.days.count()),
        facts,
        draw: draw_facts(lang, &found.round),
        rows: found.offered.iter().map(|offered| row(lang, offered, found.stage)).collect(),
        why: found.round.called_off_why.clone(),
        published: published(school, found),
    }
}

fn published(school: &School, found: &PublicRound) -> Option<Published> {
    let (commitment, (root, _)) = (found.round.commitment?, found.round.sealed?);
    let drawn = found.round.drawn.as_ref()?;
    Some(Published {
        school: school.code.clone(),
        term: found.round.term.to_string(),
        round: found.round.id.to_string(),
        commitment: hex(&commitment),
        root: hex(&root),
        secret: hex(&drawn.secret.unwrap_or_default()),
        beacon: drawn.beacon.clone(),
        seed: drawn.seed.clone(),
        scheme: match found.round.setup.scheme {
            kehou_domain::allocation::Scheme::PerDay => "perday",
            kehou_domain::allocation::Scheme::One => "one",
        },
    })
}
