//! Writes data to stdout and messages to stderr; the only place that does.

use std::io::{BufWriter, IsTerminal as _, Stdout, Write as _};

use serde_json::Value;

use super::args::Format;
use crate::report::text::Style;

/// Buffered stdout.
pub(super) struct Out {
    /// Where data goes.
    to: BufWriter<Stdout>,
    /// How text is dressed.
    pub(super) style: Style,
}

impl Out {
    /// Stdout of the process.
    pub(super) fn new() -> Out {
        let has_colour = std::io::stdout().is_terminal() && wants_colour();
        Out {
            to: BufWriter::new(std::io::stdout()),
            style: Style { has_colour },
        }
    }

    /// Writes text.
    pub(super) fn text(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.to.write_all(text.as_bytes())?)
    }

    /// Writes bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.to.write_all(bytes)?)
    }

    /// Writes one JSON value on a line.
    pub(super) fn line(&mut self, value: &Value) -> anyhow::Result<()> {
        Ok(writeln!(self.to, "{value}")?)
    }

    /// Writes one JSON value over several lines.
    pub(super) fn pretty(&mut self, value: &Value) -> anyhow::Result<()> {
        Ok(writeln!(self.to, "{value:#}")?)
    }

    /// Writes a list in the form asked for; `as_text` is called for text only.
    pub(super) fn list(
        &mut self,
        format: Format,
        key: &str,
        items: &[Value],
        as_text: impl FnOnce(Style) -> String,
    ) -> anyhow::Result<()> {
        match format {
            Format::Text => {
                let text = as_text(self.style);
                self.text(&text)
            }
            Format::Json => self.pretty(&crate::report::json::list(key, items)),
            Format::Jsonl => self.text(&crate::report::json::lines(items)),
        }
    }

    /// Hands everything to the reader.
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.to.flush()?)
    }
}

/// Whether the environment leaves colours on (see no-color.org).
pub(super) fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether the cause is a reader that went away.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// A message to people.
pub(super) fn message(text: &str) {
    // A closed stderr leaves nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}
