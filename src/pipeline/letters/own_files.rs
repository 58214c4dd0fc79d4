//! The operator's files behind the trait that `serve` declares: read as letters read them, checked by the same readers, and put in
//! place whole or not at all.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::room::Room;
use super::{ROUTES_FILE, Routes, Templates, clocks, files};
use crate::language::Language;
use crate::model::Route;
use crate::pursue::clock::{Clocks, DataError};
use crate::report::letter::{TemplateError, sample};
use crate::serve::files::{
    Entering, FileError, FileKind, Folder, Mistake, OperatorFile, OperatorFiles, Preview,
};

/// How files are called while they are written; files that begin with a dot are not read.
const UNFINISHED: &str = ".aigaq-";
/// Longest name of a file.
const MAX_NAME_BYTES: usize = 80;
/// The kind of file in the folder of clocks.
const CLOCK_ENDING: &str = ".toml";

impl Room {
    fn path_of(&self, kind: FileKind) -> Option<&Path> {
        let letters = &self.config().letters;
        match kind {
            FileKind::Templates => letters.templates.as_deref(),
            FileKind::Clocks => letters.clocks.as_deref(),
        }
    }

    /// The operator's own files of a kind: path and text by name.
    fn own(&self, kind: FileKind) -> Result<BTreeMap<String, (String, String)>, FileError> {
        let Some(folder) = self.path_of(kind) else {
            return Ok(BTreeMap::new());
        };
        let is_of_kind = |name: &str| kind_of(name) == Some(kind);
        let found = files(folder, is_of_kind);
        let found = found.map_err(|error| FileError::Unwritable(format!("{error:#}")))?;
        let named = found.into_iter().map(|(path, text)| {
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            (name, (path, text))
        });
        Ok(named.collect())
    }
}

/// The folder in which a file of a name is read; `None` for a name that no file may have.
fn kind_of(name: &str) -> Option<FileKind> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if name.starts_with('.') || name.len() > MAX_NAME_BYTES || !name.bytes().all(fits) {
        return None;
    }
    if name == ROUTES_FILE || Templates::names().contains(&name) {
        return Some(FileKind::Templates);
    }
    name.ends_with(CLOCK_ENDING).then_some(FileKind::Clocks)
}

/// The shipped files: name, kind and text.
fn shipped() -> Vec<(&'static str, FileKind, &'static str)> {
    let templates = Templates::shipped();
    let templates = templates.map(|(name, text)| (name, FileKind::Templates, text));
    let routes = (ROUTES_FILE, FileKind::Templates, Routes::SHIPPED);
    let clocks = Clocks::shipped_files();
    let clocks = clocks.map(|(name, text)| (name, FileKind::Clocks, text));
    templates
        .into_iter()
        .chain([routes])
        .chain(clocks)
        .collect()
}

/// The year whose days off a text holds.
fn year_of(text: &str) -> Option<i32> {
    let table: toml::Table = toml::from_str(text).ok()?;
    i32::try_from(table.get("year")?.as_integer()?).ok()
}

fn of_data(error: DataError) -> Vec<Mistake> {
    vec![Mistake {
        line: error.line,
        message: error.message,
    }]
}

fn of_template(error: TemplateError) -> Vec<Mistake> {
    vec![Mistake {
        line: error.line,
        message: error.message,
    }]
}

impl OperatorFiles for Room {
    fn folder(&self, kind: FileKind) -> Folder {
        let Some(path) = self.path_of(kind) else {
            return Folder::Unnamed;
        };
        let shown = path.display().to_string();
        // Only writing tells: permissions are not all that can stand in the way.
        let why = match (self.own(kind), unfinished(path)) {
            (Ok(_), Ok(_)) => return Folder::Writable(shown),
            (Err(error), _) => error.to_string(),
            (_, Err(error)) => error.to_string(),
        };
        Folder::Unwritable { path: shown, why }
    }

    fn all(&self) -> Vec<OperatorFile> {
        let mut all: BTreeMap<(FileKind, String), OperatorFile> = BTreeMap::new();
        for (name, kind, text) in shipped() {
            let file = OperatorFile {
                name: name.to_owned(),
                kind,
                text: text.to_owned(),
                own: None,
                is_shipped: true,
                year: year_of(text),
            };
            all.insert((kind, name.to_owned()), file);
        }
        for kind in FileKind::ALL {
            // Why a folder cannot be read is said of the folder.
            for (name, (path, text)) in self.own(kind).unwrap_or_default() {
                let is_shipped = all.contains_key(&(kind, name.clone()));
                let file = OperatorFile {
                    year: year_of(&text),
                    kind,
                    text,
                    own: Some(path),
                    is_shipped,
                    name: name.clone(),
                };
                all.insert((kind, name), file);
            }
        }
        all.into_values().collect()
    }

    fn one(&self, name: &str) -> Result<OperatorFile, FileError> {
        let kind = kind_of(name).ok_or(FileError::Unknown)?;
        let found = self.all().into_iter().find(|file| file.name == name);
        Ok(found.unwrap_or_else(|| OperatorFile {
            name: name.to_owned(),
            kind,
            text: String::new(),
            own: None,
            is_shipped: false,
            year: None,
        }))
    }

    fn preview(&self, name: &str, text: &str, language: Language) -> Result<Preview, Vec<Mistake>> {
        let clocks = clocks(&self.config().letters);
        // A mistake in another file is said at that file.
        let clocks = clocks.unwrap_or_else(|_| Clocks::shipped());
        match kind_of(name) {
            Some(FileKind::Templates) if name == ROUTES_FILE => {
                let routes = Routes::read(Some((name, text)), &clocks.rules).map_err(of_data)?;
                let templates = Templates::with(&BTreeMap::new()).map_err(of_template)?;
                let words = routes.of(Route::Reply).words(Route::Reply, language);
                let filled = templates.fill(&sample(language, words, true), language);
                Ok(Preview::Letter(filled.map_err(of_template)?))
            }
            Some(FileKind::Templates) => {
                let of_name = |language: &Language| Templates::name_of(*language) == name;
                let language = Language::ALL.into_iter().find(of_name).unwrap_or(language);
                let given = BTreeMap::from([(name.to_owned(), text.to_owned())]);
                let templates = Templates::with(&given).map_err(of_template)?;
                let routes = Routes::read(None, &Clocks::shipped().rules).map_err(of_data)?;
                // With all that a letter may have, and with nothing of it: each takes other branches of the template.
                let fill = |route: Route, is_full: bool| {
                    let words = routes.of(route).words(route, language);
                    templates.fill(&sample(language, words, is_full), language)
                };
                let _ = fill(Route::Clarification, false).map_err(of_template)?;
                let filled = fill(Route::Reply, true).map_err(of_template)?;
                Ok(Preview::Letter(filled))
            }
            Some(FileKind::Clocks) => {
                let given = BTreeMap::from([(name.to_owned(), text.to_owned())]);
                let read = Clocks::with(&given).map_err(of_data)?;
                let Some(year) = year_of(text) else {
                    return Ok(Preview::Right);
                };
                let named = name
                    .strip_prefix("holidays-")
                    .and_then(|rest| rest.strip_suffix(CLOCK_ENDING)?.parse::<i32>().ok());
                if let Some(named) = named.filter(|named| *named != year) {
                    return Err(vec![Mistake {
                        line: line_of(text, "year"),
                        message: format!("`year` is {year}, and the file is of {named}"),
                    }]);
                }
                Ok(Preview::Days(read.calendar.days(year, language)))
            }
            None => Err(vec![Mistake {
                line: 1,
                message: FileError::Unknown.to_string(),
            }]),
        }
    }

    fn change(
        &self,
        name: &str,
        seen: &str,
        text: Option<&str>,
        entering: Entering<'_>,
    ) -> Result<(), FileError> {
        // Whoever panicked while changing one left it whole: it is put in place in one step.
        let _held = self.hold();
        let file = self.one(name)?;
        let _ = self.own(file.kind)?;
        if file.text != seen {
            return Err(FileError::Stale);
        }
        let unwritable = |error: std::io::Error| FileError::Unwritable(error.to_string());
        let Some(folder) = self.path_of(file.kind) else {
            let key = file.kind.key();
            return Err(FileError::Unwritable(format!("[letters] names no `{key}`")));
        };
        let place: PathBuf = match &file.own {
            Some(path) => PathBuf::from(path),
            None => folder.join(name),
        };
        let Some(text) = text else {
            entering(&file.text)?;
            if file.own.is_some() {
                std::fs::remove_file(&place).map_err(unwritable)?;
                self.file_changed();
            }
            return Ok(());
        };
        let mut unfinished = unfinished(folder).map_err(unwritable)?;
        unfinished.write_all(text.as_bytes()).map_err(unwritable)?;
        unfinished.as_file().sync_all().map_err(unwritable)?;
        entering(&file.text)?;
        let placed = unfinished.persist(&place);
        placed.map_err(|error| unwritable(error.error))?;
        self.file_changed();
        Ok(())
    }
}

/// A file in a folder that is gone again unless it is put in place, readable as other files are.
fn unfinished(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    builder.tempfile_in(folder)
}

/// The line on which a key stands, counted from 1.
fn line_of(text: &str, key: &str) -> usize {
    let mut lines = text.lines();
    let place = lines.position(|line| line.trim_start().starts_with(key));
    place.unwrap_or_default() + 1
}
