//! The power goes while rolls are being saved: what was acknowledged is there once, and nothing is there by half.

use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::thread;

use kehou_db::Place;
use kehou_db::testing;
use serde_json::Value;

use crate::form;
use crate::http::Client;
use crate::running::{Running, client, kehou};

/// A school with twelve rolls at noon, each of which may be called now; nobody has gone home yet.
const DEMO: [&str; 9] =
    ["demo", "--only", "s1d", "--at", "2026-10-13T13:00", "--port", "0", "--format", "json"];
/// Who saves: each role takes every other roll, since one phone number signs in ten times a minute at most.
const ROLES: [&str; 2] = ["academic_office", "duty_leader"];
/// Rolls that are saved side by side, and how often each.
const SIDE_BY_SIDE: usize = 8;
const EACH: usize = 25;
/// After how many acknowledgements the process is killed.
const KILLED_AFTER: usize = 90;

/// Each child's id with its mark.
type Marks = Vec<(String, String)>;

/// A save of a roll as it was sent.
struct Save {
    fields: Vec<(String, String)>,
    /// What each child's mark is once it is kept.
    marks: Marks,
    /// How many facts it makes.
    changes: usize,
    /// Where the answer led, when there was one.
    answer: Option<String>,
}

impl Save {
    /// The moment of the save, as its answer names it.
    fn at(&self) -> Option<i64> {
        self.answer.as_ref()?.split_once("saved=")?.1.split('&').next()?.parse().ok()
    }
}

/// A roll with everything that was sent for it.
struct Roll {
    role: &'static str,
    id: String,
    /// The facts and marks before.
    facts: usize,
    marks: Marks,
    saves: Vec<Save>,
}

impl Roll {
    fn path(&self) -> String {
        format!("/schools/s1d/rolls/{}", self.id)
    }

    fn acknowledged(&self) -> impl DoubleEndedIterator<Item = &Save> {
        self.saves.iter().filter(|save| save.answer.is_some())
    }

    /// The save that the kill left without an answer.
    fn unanswered(&self) -> Option<&Save> {
        self.saves.iter().find(|save| save.answer.is_none())
    }
}

fn start(folder: &Path, database: Option<&str>) -> Running {
    let mut command = kehou(folder);
    command.args(DEMO).arg("--data").arg(folder.join("demo"));
    if let Some(address) = database {
        command.env("DATABASE_URL", address);
    }
    Running::start(&mut command, &folder.join("log"))
}

fn sign_in(server: &Running, role: &str) -> Client {
    let facts: Value = serde_json::from_str(&server.line).unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let who = facts["sign_ins"].as_array().unwrap().iter().find(|one| one["role"] == role).unwrap();
    let mut client = client(facts["address"].as_str().unwrap());
    let mut fields = form::hidden(&client.get("/sign-in").unwrap().text(), "/sign-in");
    fields.extend([("phone".to_owned(), word(&who["phone"])), ("secret".to_owned(), word(&who["password"]))]);
    assert_eq!(client.post("/sign-in", &fields).unwrap().status, 303);
    client
}

fn json(client: &mut Client, path: &str) -> Vec<Value> {
    let answer = client.get(path).unwrap();
    assert_eq!(answer.status, 200, "{path}");
    serde_json::from_slice(&answer.body).unwrap()
}

/// When each fact of this roll arrived, in milliseconds.
fn arrivals(client: &mut Client, id: &str) -> Vec<i64> {
    let facts = json(client, &format!("/api/v1/schools/s1d/rolls/{id}/facts"));
    let own = facts.iter().filter(|fact| fact["session"] == id);
    own.map(|fact| fact["arrived_at"].as_i64().unwrap()).collect()
}

/// Each child on the page with its mark.
fn marks(page: &str) -> Marks {
    let buttons = form::tags(page, "button").filter(|tag| form::attribute(tag, "name") == Some("tap"));
    buttons
        .map(|tag| ["value", "data-mark"].map(|name| form::attribute(tag, name).unwrap().to_owned()))
        .map(|[child, mark]| (child, mark))
        .collect()
}

/// The rolls as the demo left them, before anything is sent.
fn rolls(clients: &mut [Client]) -> Vec<Roll> {
    let sessions = json(&mut clients[0], "/api/v1/schools/s1d/sessions");
    let ids = sessions.iter().map(|session| session["id"].as_str().unwrap().to_owned());
    let rolls = ids.take(SIDE_BY_SIDE).enumerate().map(|(number, id)| {
        let client = &mut clients[number % ROLES.len()];
        let facts = arrivals(client, &id).len();
        let marks = marks(&client.get(&format!("/schools/s1d/rolls/{id}")).unwrap().text());
        Roll { role: ROLES[number % ROLES.len()], id, facts, marks, saves: Vec::new() }
    });
    rolls.collect()
}

/// Saves the roll again and again, every child late and every child present in turn, until the process is gone.
fn save_again_and_again(mut client: Client, mut roll: Roll, acknowledged: &Sender<()>) -> Roll {
    for word in ["late", "present"].into_iter().cycle().take(EACH) {
        let Ok(page) = client.get(&roll.path()) else { break };
        let page = page.text();
        let before = marks(&page);
        let marks: Marks = before.iter().map(|(child, _)| (child.clone(), word.to_owned())).collect();
        let mut fields = form::hidden(&page, &roll.path());
        fields.extend(marks.iter().map(|(child, mark)| ("m".to_owned(), format!("{child}.{mark}"))));
        let changes = before.iter().filter(|(_, mark)| mark != word).count();
        let answer = client.post(&roll.path(), &fields).ok();
        let gone = answer.is_none();
        let answer = answer.map(|answer| {
            assert_eq!(answer.status, 303, "{}", answer.text());
            answer.location.unwrap()
        });
        roll.saves.push(Save { fields, marks, changes, answer });
        if gone {
            break;
        }
        acknowledged.send(()).unwrap();
    }
    roll
}

/// Saves every roll on a connection of its own and kills the process in the middle of it.
fn save_until_killed(mut server: Running, rolls: Vec<Roll>) -> Vec<Roll> {
    let (acknowledged, answers) = mpsc::channel();
    let save = |roll: Roll| {
        let (client, acknowledged) = (sign_in(&server, roll.role), acknowledged.clone());
        thread::spawn(move || save_again_and_again(client, roll, &acknowledged))
    };
    let threads: Vec<_> = rolls.into_iter().map(save).collect();
    drop(acknowledged);
    for _ in 0..KILLED_AFTER {
        answers.recv().unwrap();
    }
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

/// What a roll holds after the restart is what was acknowledged, and of the unanswered save all or nothing.
fn check_roll(client: &mut Client, roll: &Roll) {
    let stand = |client: &mut Client| marks(&client.get(&roll.path()).unwrap().text());
    let found = arrivals(client, &roll.id);
    for save in roll.acknowledged() {
        let kept = found.iter().filter(|at| Some(**at) == save.at()).count();
        assert_eq!(kept, save.changes, "an acknowledged save of {} is there once and whole", roll.id);
    }
    let acknowledged = roll.facts + roll.acknowledged().map(|save| save.changes).sum::<usize>();
    let marks_then = roll.acknowledged().next_back().map_or(&roll.marks, |save| &save.marks);
    match roll.unanswered() {
        Some(save) if found.len() == acknowledged + save.changes => assert_eq!(stand(client), save.marks),
        _ => assert_eq!((found.len(), &stand(client)), (acknowledged, marks_then)),
    }
    if let Some(last) = roll.acknowledged().next_back() {
        let again = client.post(&roll.path(), &last.fields).unwrap();
        assert_eq!((again.status, &again.location), (303, &last.answer));
        assert_eq!(arrivals(client, &roll.id), found, "the same key does nothing again");
    }
    if let Some(save) = roll.unanswered() {
        assert_eq!(client.post(&roll.path(), &save.fields).unwrap().status, 303);
        assert_eq!(
            (arrivals(client, &roll.id).len(), stand(client)),
            (acknowledged + save.changes, save.marks.clone())
        );
    }
}

fn check(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path(), database);
    let mut clients = ROLES.map(|role| sign_in(&server, role));
    let before = rolls(&mut clients);
    assert_eq!(before.len(), SIDE_BY_SIDE);
    let after = save_until_killed(server, before);
    let acknowledged: usize = after.iter().map(|roll| roll.acknowledged().count()).sum();
    assert!((KILLED_AFTER..SIDE_BY_SIDE * EACH).contains(&acknowledged), "{acknowledged}");

    let server = start(folder.path(), database);
    let mut clients = ROLES.map(|role| sign_in(&server, role));
    // the demo's clock began anew: what is sent again comes later than what was sent before
    let later = [("minutes".to_owned(), "30".to_owned())];
    assert_eq!(clients[0].post("/demo/clock", &later).unwrap().status, 303);
    for (number, roll) in after.iter().enumerate() {
        check_roll(&mut clients[number % ROLES.len()], roll);
    }
}

#[test]
fn acknowledged_rolls_survive_the_kill_once_and_whole() {
    check(None);
}

#[test]
fn acknowledged_rolls_survive_the_kill_on_postgresql_too() {
    let Some(store) = testing::postgres() else { return };
    let Place::Postgres(config) = &store.place else { return };
    check(Some(&config.url));
}
