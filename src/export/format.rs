//! The register of formats, and the way from layers to files.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{CoordinateSystem, ExportError, Layer, csv, geojson, geopackage, geoparquet, shapefile};
use crate::domain::{EditionHeader, Words};
use crate::files::{Aside, publish};

/// Every format that an export can be in.
pub const FORMATS: &[Format] =
    &[geojson::FORMAT, csv::FORMAT, shapefile::FORMAT, geopackage::FORMAT, geoparquet::FORMAT];

/// What is said of an export as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The edition.
    pub header: &'a EditionHeader,
    /// In which system its positions are written.
    pub system: &'a CoordinateSystem,
}

/// A kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The word that asks for it.
    pub word: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Endings of names that ask for it, the usual one first.
    pub endings: &'static [&'static str],
    /// Whether it has outlines.
    pub outlines: bool,
    /// How it is written.
    pub writer: Writer,
}

/// How a format is written.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::type_complexity, reason = "each writer stands once, with what it is given")]
pub enum Writer {
    /// One layer, from its start to its end.
    Stream(fn(Edition<'_>, &Layer, &mut dyn Write) -> Result<(), ExportError>),
    /// One layer in one or several files, given beside their names, the one that names the set last.
    Files(fn(Edition<'_>, &Layer, &Path, &mut Vec<Words>) -> Result<Vec<Aside>, ExportError>),
    /// Any number of layers in one file.
    Layers(fn(Edition<'_>, &[Layer], &Path) -> Result<Aside, ExportError>),
}

impl Format {
    /// The format of a word.
    ///
    /// # Errors
    /// [`ExportError::UnknownFormat`].
    pub fn find(word: &str) -> Result<&'static Self, ExportError> {
        let found = FORMATS.iter().find(|format| format.word == word);
        found.ok_or_else(|| ExportError::UnknownFormat { word: word.to_owned() })
    }

    /// The format of a word, else that of the ending of a name, else `GeoJSON`.
    ///
    /// # Errors
    /// [`ExportError::UnknownFormat`]; [`ExportError::Ending`] where the two disagree, or the ending is none that is known.
    pub fn choose(word: Option<&str>, name: Option<&Path>) -> Result<&'static Self, ExportError> {
        let asked = word.map(Self::find).transpose()?;
        let ending = name.and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
        let Some(ending) = ending else {
            return Ok(asked.unwrap_or(&geojson::FORMAT));
        };
        let told = FORMATS.iter().find(|format| format.endings.contains(&ending.as_str()));
        match (asked, told) {
            (Some(asked), Some(told)) if asked.word != told.word => Err(ExportError::Ending { ending }),
            (Some(format), _) | (None, Some(format)) => Ok(format),
            (None, None) => Err(ExportError::Ending { ending }),
        }
    }
}

/// Where an export goes.
pub enum Output<'a> {
    /// A stream, such as standard output.
    Stream(&'a mut dyn Write),
    /// A file, or files beside one another under this name.
    Name(&'a Path),
}

/// Writes layers. Files appear under their names whole and together, or not at all.
///
/// Several layers of a format whose files hold one go to files of their own: `name-clsc.shp`, `name-rls.shp`.
/// Gives what is to be said of what was written.
///
/// # Errors
/// [`ExportError`].
pub fn write(
    format: &Format,
    edition: Edition<'_>,
    layers: &[Layer],
    output: Output<'_>,
) -> Result<Vec<Words>, ExportError> {
    let mut notes = Vec::new();
    let name = match (output, format.writer, layers) {
        (Output::Stream(out), Writer::Stream(stream), [layer]) => {
            stream(edition, layer, out)?;
            out.flush().map_err(ExportError::Stream)?;
            return Ok(notes);
        }
        (Output::Stream(_), _, _) => return Err(ExportError::NeedsName { format: format.name }),
        (Output::Name(name), _, _) => name,
    };
    let own_name = |layer: &Layer| if layers.len() == 1 { name.to_owned() } else { named_for(name, layer) };
    let files = match format.writer {
        Writer::Layers(write) => vec![write(edition, layers, name)?],
        Writer::Files(write) => {
            let mut files = Vec::new();
            for layer in layers {
                files.extend(write(edition, layer, &own_name(layer), &mut notes)?);
            }
            files
        }
        Writer::Stream(stream) => {
            layers.iter().map(|layer| whole(edition, layer, &own_name(layer), stream)).collect::<Result<_, _>>()?
        }
    };
    publish(files)?;
    Ok(notes)
}

fn whole(
    edition: Edition<'_>,
    layer: &Layer,
    name: &Path,
    stream: fn(Edition<'_>, &Layer, &mut dyn Write) -> Result<(), ExportError>,
) -> Result<Aside, ExportError> {
    let mut aside = Aside::create(name)?;
    let mut out = io::BufWriter::with_capacity(1 << 18, aside.file());
    let written = stream(edition, layer, &mut out).and_then(|()| out.flush().map_err(ExportError::Stream));
    drop(out);
    match written {
        Ok(()) => Ok(aside),
        Err(ExportError::Stream(source)) => Err(aside.failed(source).into()),
        Err(error) => Err(error),
    }
}

/// The name of the file of one layer among several.
fn named_for(name: &Path, layer: &Layer) -> PathBuf {
    let mut own = name.file_stem().unwrap_or_default().to_owned();
    own.push("-");
    own.push(layer.level.as_str());
    let mut own = PathBuf::from(own);
    if let Some(extension) = name.extension() {
        own.set_extension(extension);
    }
    name.with_file_name(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_what_its_word_or_the_ending_says_and_they_never_disagree() {
        let choose = |word: Option<&str>, name: &str| {
            Format::choose(word, Some(Path::new(name))).map(|format| format.word).map_err(|error| error.to_string())
        };
        for format in FORMATS {
            for ending in format.endings {
                assert_eq!(choose(None, &format!("a.{}", ending.to_uppercase())), Ok(format.word));
                assert_eq!(choose(Some(format.word), &format!("a.{ending}")), Ok(format.word));
            }
        }
        assert_eq!(choose(Some("csv"), "a.dat"), Ok("csv"));
        assert_eq!(choose(None, "a"), Ok("geojson"));
        assert!(choose(Some("csv"), "a.shp").unwrap_err().contains("\".shp\""));
        assert!(choose(None, "a.dat").unwrap_err().contains(".gpkg"));
        assert!(choose(Some("kml"), "a").unwrap_err().contains("shapefile"));
    }
}
