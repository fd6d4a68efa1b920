//! What only the demo has: whom one can be, the clock, every message that was sent.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use kehou_domain::access::{KeepOwnAccount, Role};
use kehou_domain::moment;
use serde::Deserialize;

use crate::answer::{self, see_other};
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::frame::{Frame, Surroundings};
use crate::identity;
use crate::lang::Lang;
use crate::look::Look;
use crate::refusal::{Problems, Refusal};
use crate::routes::{Entry, Routes};
use crate::told;
use crate::web::{DemoSignIn, Web};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(Method::GET, "/demo", Entry::Demo, index)
        .with(Method::GET, "/demo/clock", Entry::Demo, show_clock)
        .with(Method::POST, "/demo/clock", Entry::Demo, move_clock)
        .with(Method::GET, "/demo/messages", Entry::Demo, messages)
}

/// Outside the demo there are no such pages.
pub(crate) async fn only_in_demo(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !web.is_demo() && (path == "/demo" || path.starts_with("/demo/")) {
        return Fault::NotFound.into_response();
    }
    next.run(request).await
}

fn frame(look: Look, path: &str) -> Frame {
    Frame::new(Surroundings { look, path: path.to_owned(), seat: None, demo: true })
}

/// Somebody whom a visitor of the demo can be.
struct Line {
    sign_in: DemoSignIn,
    factor: Option<String>,
}

impl Line {
    fn role(&self) -> &'static str {
        identity::role(self.sign_in.role)
    }
    fn try_first(&self) -> &'static str {
        try_first(self.sign_in.role)
    }
}

/// What somebody in this role tries first, in Chinese.
pub const fn try_first(role: Role) -> &'static str {
    match role {
        Role::Guardian => "孩子现在在哪里、今天请假、谁可以接、报名",
        Role::HomeroomTeacher => "审核家长交来的申请，有一份请家长改过再交",
        Role::ServiceTeacher => "点名；谁没到，就给家长打电话",
        Role::DutyLeader => "看板：谁没到、今天为什么还不能关账、昨天谁的家长来晚了",
        Role::GradeHead => "本年级的点名、提前离校",
        Role::GateGuard => "查一个孩子、放行、碰到“先不要放行”",
        Role::AcademicOffice => "申请、学生名册、家长信、月汇总表",
        Role::GeneralAffairs => "实施方案和收费，先输入动态码",
        Role::SafetyOffice => "看板、没到的孩子、不能接的人",
        Role::Principal => "实施方案的版本、例外情况、月汇总表",
        Role::ParentCommittee => "实施方案、公示",
        Role::BureauOfficer => "学校备案的名单",
        Role::SystemAdministrator => "教职工的账号，先输入动态码",
    }
}

/// The sign-ins of one school.
struct School {
    name: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "demo/index.html")]
struct IndexPage {
    now: Timestamp,
    schools: Vec<School>,
}

async fn index(State(web): State<Web>, look: Look) -> Result<Response, Fault> {
    let now = web.now();
    let mut schools: Vec<School> = Vec::new();
    for sign_in in web.settings().demo.iter().flat_map(|demo| &demo.sign_ins) {
        let factor = sign_in.factor_secret.as_deref();
        let factor = factor.map(|secret| kehou_app::identity::factor::code_now(secret, now)).transpose()?;
        let line = Line { sign_in: sign_in.clone(), factor };
        match schools.last_mut() {
            Some(last) if last.name == sign_in.school => last.lines.push(line),
            _ => schools.push(School { name: sign_in.school.clone(), lines: vec![line] }),
        }
    }
    answer::page(&frame(look, "/demo"), &IndexPage { now, schools })
}

#[derive(Template)]
#[template(path = "demo/clock.html")]
struct ClockPage {
    /// The demo's moment, with its year.
    now: String,
    at: String,
    problems: Problems,
}

/// A moment to go to, or some minutes onwards.
#[derive(Deserialize)]
struct ClockForm {
    #[serde(default)]
    at: String,
    #[serde(default)]
    minutes: i64,
}

fn clock_page(web: &Web, lang: Lang, (at, problems): (String, Problems)) -> ClockPage {
    let wall = moment::wall_clock(web.now());
    let now = format!("{} {}", dates::full_day(lang, wall.date()), dates::time(wall.time()));
    ClockPage { now, at, problems }
}

/// The wall clock as an input of the browser writes it.
fn typed(at: Timestamp) -> String {
    moment::wall_clock(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

async fn show_clock(State(web): State<Web>, look: Look) -> Result<Response, Fault> {
    let page = clock_page(&web, look.lang, (typed(web.now()), Problems::none()));
    answer::page(&frame(look, "/demo/clock"), &page)
}

async fn move_clock(
    State(web): State<Web>,
    look: Look,
    Form(form): Form<ClockForm>,
) -> Result<Response, Fault> {
    if let Some(at) = wanted(&web, &form) {
        web.clock().move_to(at);
        return Ok(see_other("/demo/clock"));
    }
    let text = look.lang.t("请填日期和时间，比如 2026-11-24T15:05");
    let problems = Refusal::new("moment", text).at("at").into();
    answer::refused(&frame(look, "/demo/clock"), &clock_page(&web, look.lang, (form.at, problems)))
}

fn wanted(web: &Web, form: &ClockForm) -> Option<Timestamp> {
    if form.minutes != 0 {
        return web.now().checked_add(SignedDuration::from_mins(form.minutes)).ok();
    }
    let wall: DateTime = form.at.parse().ok()?;
    Some(moment::instant(wall.date(), wall.time()))
}

/// How many messages the page shows, the newest first.
const NEWEST: usize = 100;

/// A message that was sent, to whomever.
struct Sent {
    school: String,
    at: Timestamp,
    to: String,
    text: String,
    place: Option<String>,
}

#[derive(Template)]
#[template(path = "demo/messages.html")]
struct MessagesPage {
    lines: Vec<Sent>,
}

async fn messages(State(web): State<Web>, look: Look) -> Result<Response, Fault> {
    let now = web.now();
    let mut lines = Vec::new();
    for school in web.db().schools(now).await? {
        let scope = web.db().system(&school.code, "the demo shows every message", now).await?;
        for (to, message) in scope.read::<KeepOwnAccount, _>(|tx| tx.every_message()).await? {
            let said = told::say(look.lang, &school.code, &message.kind, &message.facts);
            let (text, place) = (said.text, said.place);
            lines.push(Sent { school: school.name.clone(), at: message.created_at, to, text, place });
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    lines.truncate(NEWEST);
    answer::page(&frame(look, "/demo/messages"), &MessagesPage { lines })
}
