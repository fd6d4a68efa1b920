//! Counting what passed and what failed, from the lines that the tools print.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// How many checks passed and how many failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    passed: u32,
    failed: u32,
}

impl Count {
    /// One check that passed or failed.
    pub(crate) fn one(passed: bool) -> Count {
        Count { passed: u32::from(passed), failed: u32::from(!passed) }
    }

    /// Whether nothing failed.
    pub(crate) fn clean(self) -> bool {
        self.failed == 0
    }

    /// What one line of a test run adds: cargo's `test result: ok. 3 passed; 0 failed; …`,
    /// or `# pass 3` and `# fail 0` of node's test runner.
    fn of_line(line: &str) -> Count {
        if let Some(result) = line.strip_prefix("test result: ") {
            return Count {
                passed: number_before(result, " passed"),
                failed: number_before(result, " failed"),
            };
        }
        match line.split_once(' ').map(|(mark, rest)| (mark, rest.split_once(' '))) {
            Some(("#", Some(("pass", n)))) => Count { passed: n.parse().unwrap_or(0), failed: 0 },
            Some(("#", Some(("fail" | "cancelled", n)))) => {
                Count { passed: 0, failed: n.parse().unwrap_or(0) }
            }
            _ => Count::default(),
        }
    }

    /// Runs a command that prints test results, shows its lines as they come and adds them up.
    ///
    /// A command that ends badly without naming a failed test (it did not compile) counts as one failure.
    pub(crate) fn of(command: &mut Command) -> Result<Count> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start the tests")?;
        let output = child.stdout.take().context("the tests have no output")?;
        let mut count = Count::default();
        for line in BufReader::new(output).lines() {
            let line = line?;
            println!("{line}");
            count += Count::of_line(&line);
        }
        if !child.wait()?.success() && count.clean() {
            count += Count::one(false);
        }
        Ok(count)
    }
}

fn number_before(text: &str, word: &str) -> u32 {
    let before = text.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[track_caller]
    fn check(line: &str, passed: u32, failed: u32) {
        assert_eq!(Count::of_line(line), Count { passed, failed });
    }

    #[test]
    fn cargo_says_both_in_one_line() {
        check("test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured", 12, 3);
    }

    #[test]
    fn node_says_each_in_its_own_line() {
        check("# pass 7", 7, 0);
        check("# fail 2", 0, 2);
        check("# cancelled 1", 0, 1);
    }

    #[test]
    fn other_lines_count_nothing() {
        check("# tests 9", 0, 0);
        check("running 4 tests", 0, 0);
        check("", 0, 0);
    }
}
