//! The power goes while rolls are being saved: what was acknowledged is there once, and nothing is there by half.

#[path = "../../../bench/src/form.rs"]
mod form;
#[path = "../../../bench/src/http.rs"]
mod http;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};

use http::Client;
use serde_json::Value;

/// Rolls that are sent in all, and after how many acknowledgements the process is killed.
const ROLLS: usize = 200;
const KILLED_AFTER: usize = 90;

/// A roll that the server acknowledged.
#[derive(Debug, Clone)]
struct Saved {
    path: String,
    fields: Vec<(String, String)>,
    mark: &'static str,
    location: String,
}

/// The demo as a process.
struct Server {
    child: Child,
    host: String,
    office: (String, String),
}

impl Server {
    fn start(folder: &Path) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kehou"))
            .args(["demo", "--only", "s0", "--port", "0", "--format", "json", "--data"])
            .arg(folder)
            .env_remove("DATABASE_URL")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let facts: Value = serde_json::from_str(&line).unwrap();
        let host = facts["address"].as_str().unwrap().trim_start_matches("http://").trim_end_matches('/');
        let office =
            facts["sign_ins"].as_array().unwrap().iter().find(|one| one["role"] == "academic_office");
        let word = |name: &str| office.unwrap()[name].as_str().unwrap().to_owned();
        Server { child, host: host.to_owned(), office: (word("phone"), word("password")) }
    }

    fn office(&self) -> Client {
        let mut client = Client::connect(&self.host).unwrap();
        let mut fields = form::hidden(&client.get("/sign-in").unwrap().text(), "/sign-in");
        fields.push(("phone".to_owned(), self.office.0.clone()));
        fields.push(("secret".to_owned(), self.office.1.clone()));
        assert_eq!(client.post("/sign-in", &fields).unwrap().status, 303);
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn acknowledged_rolls_survive_the_kill_once_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    let rolls = open_rolls(&mut server.office());
    assert!(10 <= rolls.len(), "{} rolls are open", rolls.len());
    let saved = save_until_killed(&mut server, &rolls);
    assert!(KILLED_AFTER <= saved.len() && saved.len() < ROLLS, "{} were acknowledged", saved.len());
    drop(server);

    let server = Server::start(folder.path());
    let mut office = server.office();
    for path in &rolls {
        let Some(last) = saved.iter().rfind(|one| one.path == *path) else { continue };
        let marks = marks(&office.get(path).unwrap().text());
        let whole = |mark: &str| !marks.is_empty() && marks.iter().all(|(_, one)| one == mark);
        // a roll that was saved, but whose answer never arrived, may stand on top of the last acknowledged one
        assert!(whole(last.mark) || whole(other(last.mark)), "{path} is saved by half: {marks:?}");
        let again = office.post(path, &last.fields).unwrap();
        assert_eq!(again.location.as_deref(), Some(last.location.as_str()));
    }
}

/// The rolls that may be called now.
fn open_rolls(client: &mut Client) -> Vec<String> {
    let links = form::links(&client.follow("/schools/s0/today").unwrap().text());
    let mut rolls: Vec<String> = links.into_iter().filter(|link| link.contains("/rolls/")).collect();
    rolls.sort();
    rolls.dedup();
    rolls.retain(|path| client.get(path).unwrap().text().contains("name=\"tap\""));
    rolls
}

/// One thread for each roll saves it again and again, until the process is gone.
fn save_until_killed(server: &mut Server, rolls: &[String]) -> Vec<Saved> {
    let (acknowledged, answers) = mpsc::channel();
    let threads: Vec<_> = rolls
        .iter()
        .map(|path| {
            let (client, path, acknowledged) = (server.office(), path.clone(), acknowledged.clone());
            std::thread::spawn(move || save_again_and_again(client, &path, &acknowledged))
        })
        .collect();
    drop(acknowledged);
    let mut saved: Vec<Saved> = answers.iter().take(KILLED_AFTER).collect();
    server.child.kill().unwrap();
    saved.extend(answers.iter());
    for thread in threads {
        thread.join().unwrap();
    }
    saved
}

fn save_again_and_again(mut client: Client, path: &str, acknowledged: &Sender<Saved>) {
    let mut mark = "late";
    for _ in 0..ROLLS / 10 {
        let Ok(page) = client.get(path) else { return };
        let page = page.text();
        let mut fields = form::hidden(&page, path);
        fields.retain(|(name, _)| name != "m");
        fields.extend(marks(&page).into_iter().map(|(child, _)| ("m".to_owned(), format!("{child}.{mark}"))));
        let Ok(answer) = client.post(path, &fields) else { return };
        assert_eq!(answer.status, 303);
        let location = answer.location.unwrap();
        acknowledged.send(Saved { path: path.to_owned(), fields, mark, location }).unwrap();
        mark = other(mark);
    }
}

fn other(mark: &str) -> &'static str {
    if mark == "late" { "present" } else { "late" }
}

/// Each child on the page with its mark.
fn marks(page: &str) -> Vec<(String, String)> {
    form::tags(page, "button")
        .filter(|tag| form::attribute(tag, "name") == Some("tap"))
        .filter_map(|tag| {
            Some((form::attribute(tag, "value")?.to_owned(), form::attribute(tag, "data-mark")?.to_owned()))
        })
        .collect()
}
