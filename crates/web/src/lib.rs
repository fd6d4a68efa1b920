//! Pages and JSON: handlers, templates, words. Every rule that they show is decided below, in `app` and `domain`.

pub mod answer;
mod attendance;
mod by_class;
pub mod calendar;
pub mod dates;
mod demo;
mod dismissal;
mod enrolment;
pub mod family;
pub mod fault;
mod fault_page;
pub mod filters;
pub mod form;
pub mod frame;
mod grouping;
pub mod headers;
mod health;
pub mod identity;
pub mod key;
pub mod lang;
mod limits;
pub mod look;
mod nav;
pub mod openapi;
mod origin;
pub mod people;
pub mod plan;
mod proxy;
pub mod refusal;
pub mod router;
pub mod routes;
pub mod seat;
pub mod told;
pub mod web;

pub use router::{router, routes};
pub use web::{Demo, DemoSignIn, Settings, Transport, Web};
