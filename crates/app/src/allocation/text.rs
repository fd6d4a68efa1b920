//! Numbers as text, without an allocation for each: a large file has millions of them.

use std::io::{self, Write};

/// How much is gathered before it is written, in bytes.
const GATHERED: usize = 1 << 20;

/// Text on its way into a file.
pub(super) struct Text<'to> {
    to: &'to mut dyn Write,
    gathered: Vec<u8>,
}

impl<'to> Text<'to> {
    pub(super) fn into(to: &'to mut dyn Write) -> Text<'to> {
        Text { to, gathered: Vec::with_capacity(GATHERED + (1 << 12)) }
    }

    /// What is gathered, to be added to.
    pub(super) fn gathered(&mut self) -> &mut Vec<u8> {
        &mut self.gathered
    }

    /// Writes what is gathered when it is enough.
    pub(super) fn flow(&mut self) -> io::Result<()> {
        if GATHERED <= self.gathered.len() { self.write_out() } else { Ok(()) }
    }

    /// Writes the rest.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.write_out()?;
        self.to.flush()
    }

    fn write_out(&mut self) -> io::Result<()> {
        self.to.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

/// Adds a whole number in decimal.
pub(super) fn push_number(text: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut from = digits.len();
    loop {
        from -= 1;
        digits[from] = b'0' + u8::try_from(number % 10).expect("a digit");
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.extend_from_slice(&digits[from..]);
}

/// Adds bytes in hexadecimal.
pub(super) fn push_hex(text: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// Adds an offering as results name it: `school:offering`, or the offering alone when there is one school.
pub(super) fn push_offering(text: &mut Vec<u8>, school: Option<u32>, offering: u32) {
    if let Some(school) = school {
        push_number(text, u64::from(school));
        text.push(b':');
    }
    push_number(text, u64::from(offering));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_everywhere() {
        for number in [0, 7, 10, 99, 100, 65_535, u64::MAX] {
            let mut text = Vec::new();
            push_number(&mut text, number);
            assert_eq!(String::from_utf8(text).unwrap(), number.to_string());
        }
        let mut text = Vec::new();
        push_hex(&mut text, &[0, 0x0f, 0xa0, 0xff]);
        assert_eq!(text, b"000fa0ff");
    }
}
