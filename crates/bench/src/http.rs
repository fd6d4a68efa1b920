//! A client for one connection at a time, small enough not to matter.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, bail};

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection that stays open and keeps its cookies.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: String,
    /// The cookies that go with every request.
    pub(crate) cookies: Vec<(String, String)>,
    /// Whether to ask for a compressed answer.
    pub(crate) gzip: bool,
}

impl Client {
    /// Connects to `127.0.0.1:port`.
    pub(crate) fn connect(host: &str) -> Result<Client> {
        let stream = TcpStream::connect(host).with_context(|| format!("nobody listens at {host}"))?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        Ok(Client { stream, host: host.to_owned(), cookies: Vec::new(), gzip: false })
    }

    /// Asks for a page.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, None)
    }

    /// Sends a form.
    pub(crate) fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<Answer> {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
        self.ask("POST", path, Some(&pairs.join("&")))
    }

    /// Asks for a page and follows where it leads.
    pub(crate) fn follow(&mut self, path: &str) -> Result<Answer> {
        let mut answer = self.get(path)?;
        for _ in 0..5 {
            let Some(next) = answer.location.clone() else { break };
            answer = self.get(&next)?;
        }
        Ok(answer)
    }

    fn ask(&mut self, verb: &str, path: &str, form: Option<&str>) -> Result<Answer> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut head = vec![
            format!("{verb} {path} HTTP/1.1"),
            format!("Host: {}", self.host),
            format!("Origin: http://{}", self.host),
            format!("Cookie: {}", cookies.join("; ")),
            "Accept: text/html".to_owned(),
            "Accept-Language: zh-CN".to_owned(),
        ];
        if self.gzip {
            head.push("Accept-Encoding: gzip".to_owned());
        }
        if let Some(form) = form {
            head.push("Content-Type: application/x-www-form-urlencoded".to_owned());
            head.push(format!("Content-Length: {}", form.len()));
        }
        let request = format!("{}\r\n\r\n{}", head.join("\r\n"), form.unwrap_or_default());
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP answer")?;
        let (mut length, mut chunked, mut location) = (0, false, None);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            match name.to_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value == "chunked",
                "location" => location = Some(value.to_owned()),
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        let body = if chunked { self.chunks()? } else { self.bytes(length)? };
        Ok(Answer { status, location, body })
    }

    fn keep(&mut self, cookie: &str) {
        if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let size = usize::from_str_radix(self.line()?.trim(), 16)?;
            let chunk = self.bytes(size)?;
            body.extend(chunk);
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn bytes(&mut self, count: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        Ok(line.trim_end().to_owned())
    }
}

fn coded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
