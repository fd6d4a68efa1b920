//! Who asks: the sign-in behind the cookie, and the seat that it acts in.

use askama::Template;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::identity::SignedIn;
use kehou_db::{Failed, School, Scope, Tx};
use kehou_domain::access::{Action, KeepOwnAccount, Role};
use kehou_domain::ids::{AccountId, AnyId};
use kehou_domain::{identity, moment};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer;
use crate::fault::Fault;
use crate::frame::{Frame, Seated, Surroundings};
use crate::key::Key;
use crate::lang::Lang;
use crate::look::{Look, Size, Theme, wanted};
use crate::routes::Gate;
use crate::web::{Transport, Web};

/// The cookie of a sign-in. Over TLS the name itself binds it to this host, to TLS and to every path.
pub const fn cookie_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tls | Transport::Proxy(_) => "__Host-kehou",
        Transport::Loopback => "kehou",
    }
}

/// Somebody who is signed in, whatever the seat.
#[derive(Clone)]
pub struct SignIn {
    pub(crate) web: Web,
    /// What the cookie led to.
    pub signed_in: SignedIn,
    path: String,
    /// The language that a program asks for.
    wanted: Option<Lang>,
    unread: i64,
}

/// Somebody in a seat: one school, one role.
#[derive(Clone)]
pub struct Seat {
    sign_in: SignIn,
    scope: Scope,
}

impl SignIn {
    /// The sign-in of a request, if its cookie leads to one that still holds.
    pub(crate) async fn of(parts: &Parts, web: &Web) -> Result<Option<SignIn>, Fault> {
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(token) = jar.get(cookie_name(web.transport())) else { return Ok(None) };
        let at = web.now();
        let Some(signed_in) = web.db().signed_in(token.value(), at).await? else { return Ok(None) };
        if !holds(&signed_in, at) {
            return Ok(None);
        }
        note_seen(web, &signed_in, at).await?;
        let unread = unread(&signed_in, parts).await?;
        Ok(Some(SignIn {
            web: web.clone(),
            signed_in,
            path: parts.uri.path().to_owned(),
            wanted: wanted(parts),
            unread,
        }))
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        self.signed_in.account
    }

    /// The language of the answer: the account's, or the one that a program asks for.
    pub fn lang(&self) -> Lang {
        self.wanted.unwrap_or_else(|| self.look().lang)
    }

    /// The look of the account.
    pub fn look(&self) -> Look {
        let (lang, theme, elder) = &self.signed_in.look;
        Look {
            lang: Lang::parse(lang).unwrap_or_default(),
            theme: Theme::parse(theme).unwrap_or_default(),
            size: if *elder { Size::Elder } else { Size::Normal },
        }
    }

    /// What surrounds a page.
    pub fn frame(&self) -> Frame {
        let seat = self.signed_in.scope.as_ref().map(|scope| self.seated(scope));
        let (look, path) = (self.look(), self.path.clone());
        Frame::new(Surroundings { look, path, seat, demo: self.web.is_demo() })
    }

    /// Renders a page.
    pub fn page(&self, template: &impl Template) -> Result<Response, Fault> {
        answer::page(&self.frame(), template)
    }

    /// Renders a form that was refused: 422.
    pub fn refused(&self, template: &impl Template) -> Result<Response, Fault> {
        answer::refused(&self.frame(), template)
    }

    fn seated(&self, scope: &Scope) -> Seated {
        Seated {
            school: scope.school().name.clone(),
            code: scope.school().code.clone(),
            role: scope.role(),
            name: self.signed_in.name.clone(),
            may_switch: 1 < self.signed_in.seats,
            unread: self.unread,
            who: self.signed_in.account.to_string(),
        }
    }

    /// The seat, when there is one whose second factor was shown if it needs one.
    pub(crate) fn into_seat(self) -> Result<Seat, Fault> {
        let Some(scope) = self.signed_in.scope.clone() else { return Err(Fault::NoSeat) };
        if scope.role().needs_second_factor() && self.signed_in.second_factor_at.is_none() {
            return Err(Fault::SecondFactor);
        }
        Ok(Seat { sign_in: self, scope })
    }
}

/// Whether a sign-in still holds for its seat; without a seat it is held to the shortest span of staff.
fn holds(signed_in: &SignedIn, at: Timestamp) -> bool {
    let role = signed_in.scope.as_ref().map_or(Role::HomeroomTeacher, Scope::role);
    let span = identity::span(role, signed_in.device);
    identity::holds(span, signed_in.signed_in_at, signed_in.last_seen_at, at)
}

/// The last request is noted to the minute: a write for every request would say no more.
async fn note_seen(web: &Web, signed_in: &SignedIn, at: Timestamp) -> Result<(), Fault> {
    if moment::millis(at) - moment::millis(signed_in.last_seen_at) < 60_000 {
        return Ok(());
    }
    web.db().seen(&signed_in.token_hash, at).await.map_err(Fault::from)
}

/// How many messages wait: asked only where a whole page is shown.
async fn unread(signed_in: &SignedIn, parts: &Parts) -> Result<i64, Fault> {
    let is_page = parts.method.is_safe() && !parts.uri.path().starts_with("/api/");
    match &signed_in.scope {
        Some(scope) if is_page => Ok(scope.read::<KeepOwnAccount, _>(|tx| tx.unread()).await?),
        _ => Ok(0),
    }
}

impl Seat {
    /// Reads in one snapshot.
    pub async fn read<A: Action, T: Send + 'static>(
        &self,
        f: impl Fn(&mut Tx<A>) -> kehou_db::Result<T> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        self.scope.read(f).await.map_err(Fault::from)
    }

    /// Writes under the request's key: the same request twice gives the same answer once, refusals included.
    pub async fn write<A, T, R>(
        &self,
        key: &Key,
        f: impl Fn(&mut Tx<A>) -> Result<T, Failed<R>> + Send + Sync + 'static,
    ) -> Result<Result<T, R>, Fault>
    where
        A: Action,
        T: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
    {
        self.scope.write(&key.0, f).await.map_err(Fault::from)
    }

    /// Renders a page in the seat's surroundings.
    pub fn page(&self, template: &impl Template) -> Result<Response, Fault> {
        self.sign_in.page(template)
    }

    /// Renders a form that was refused: 422, with what was typed still in it.
    pub fn refused(&self, template: &impl Template) -> Result<Response, Fault> {
        self.sign_in.refused(template)
    }

    /// Renders what was sought by POST.
    pub fn found(&self, template: &impl Template) -> Result<Response, Fault> {
        answer::found(&self.sign_in.frame(), template)
    }

    /// Where this school's pages lie: `/schools/east/rolls` for `rolls`.
    pub fn path(&self, rest: &str) -> String {
        format!("/schools/{}/{rest}", self.school().code)
    }

    /// The scope, for what lives longer than the request's own reads and writes.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The state of the service.
    pub fn web(&self) -> &Web {
        &self.sign_in.web
    }

    /// The sign-in.
    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    /// The language of the account.
    pub fn lang(&self) -> Lang {
        self.sign_in.lang()
    }

    /// The school.
    pub fn school(&self) -> &School {
        self.scope.school()
    }

    /// The role.
    pub fn role(&self) -> Role {
        self.scope.role()
    }

    /// Who acts.
    pub fn account(&self) -> AccountId {
        self.scope.account()
    }

    /// Who that is in this school.
    pub fn person(&self) -> Option<AnyId> {
        self.scope.person()
    }

    /// Whether the role may begin this act, to show or leave out a button.
    pub fn may<A: Action>(&self) -> bool {
        self.scope.may::<A>()
    }

    /// The moment of the request.
    pub fn at(&self) -> Timestamp {
        self.scope.at()
    }

    /// The school's civil day of the request.
    pub fn today(&self) -> Date {
        moment::day_of(self.at())
    }
}

/// Signed in: anybody else is sent to the sign-in.
impl FromRequestParts<Web> for SignIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<SignIn, Fault> {
        SignIn::of(parts, web).await?.ok_or(Fault::SignedOut)
    }
}

/// In a seat of the school that the address names, in a role that the route lets in. Another school's pages are
/// not there.
impl FromRequestParts<Web> for Seat {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Seat, Fault> {
        let seat = <SignIn as FromRequestParts<Web>>::from_request_parts(parts, web).await?.into_seat()?;
        if school_in(parts, web).await?.is_some_and(|code| code != seat.school().code) {
            return Err(Fault::NotFound);
        }
        let Ok(gate) = Gate::from_request_parts(parts, web).await;
        if gate.lets(seat.role()) { Ok(seat) } else { Err(Fault::NotAllowed) }
    }
}

/// The school's code in the address, when the route has one.
async fn school_in(parts: &mut Parts, web: &Web) -> Result<Option<String>, Fault> {
    let params = RawPathParams::from_request_parts(parts, web).await.map_err(|_| Fault::NotFound)?;
    Ok(params.iter().find(|(name, _)| *name == "school").map(|(_, code)| code.to_owned()))
}

/// Signed in or not: for pages that show both.
impl OptionalFromRequestParts<Web> for SignIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<SignIn>, Fault> {
        SignIn::of(parts, web).await
    }
}
