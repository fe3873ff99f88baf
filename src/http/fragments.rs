//! Answers written from pieces of JSON that an edition repeats: its header, and each CLSC with all above it.
//!
//! Names are most of an answer's bytes, and escaping them most of the time it takes to write one. The bytes are those that
//! [`Resolution`] itself gives as JSON, which a test holds.

use serde::Serialize;

use crate::atlas::{Atlas, EditionView};
use crate::domain::Level;
use crate::resolve::{Named, Resolution, Resolver};

/// The pieces of one edition.
#[derive(Debug)]
pub struct Fragments {
    /// Its header, without the last brace.
    edition: Vec<u8>,
    /// By place of the CLSC: it alone, and it with all above.
    clsc: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Fragments {
    /// Writes the pieces of an edition.
    ///
    /// # Errors
    /// What is no JSON, which names and codes always are.
    pub fn new(atlas: &Atlas, edition: EditionView<'_>) -> serde_json::Result<Self> {
        let resolver = Resolver::of_edition(atlas, edition);
        let clsc = (0..edition.hierarchy.clsc_count() as u16)
            .map(|place| {
                let lineage = resolver.lineage(place);
                Ok((serde_json::to_vec(&lineage.clsc)?, serde_json::to_vec(&lineage)?))
            })
            .collect::<serde_json::Result<_>>()?;
        let mut edition = serde_json::to_vec(edition.header)?;
        // What is said of its validity comes before the last brace.
        edition.pop();
        Ok(Self { edition, clsc })
    }

    /// Writes an answer of that edition.
    ///
    /// # Errors
    /// As [`Fragments::new`].
    pub fn write(
        &self,
        out: &mut Vec<u8>,
        edition: EditionView<'_>,
        answer: &Resolution<'_>,
    ) -> serde_json::Result<()> {
        // Named one by one, so that a field that is added is not forgotten here.
        let Resolution {
            edition: dated,
            placement,
            dissemination_area,
            unit,
            lineage,
            border_m,
            runner_up,
            distance_m,
            beyond,
            certainty,
            territories,
            basis,
            matched,
            postal_code,
            installation,
        } = answer;
        let find =
            |named: &Named<'_>| edition.hierarchy.find(Level::Clsc, named.code).and_then(|place| self.clsc.get(place));
        out.extend_from_slice(b"{\"edition\":");
        out.extend_from_slice(&self.edition);
        field(out, b",\"valid_until\":", &dated.validity.valid_until)?;
        if dated.validity.not_yet_in_force {
            field(out, b",\"not_yet_in_force\":", &true)?;
        }
        out.push(b'}');
        field(out, b",\"placement\":", placement)?;
        field(out, b",\"dissemination_area\":", dissemination_area)?;
        if unit.is_some() {
            field(out, b",\"unit\":", unit)?;
        }
        match lineage.as_ref().and_then(|lineage| find(&lineage.clsc)) {
            Some((_, whole)) => {
                out.extend_from_slice(b",\"lineage\":");
                out.extend_from_slice(whole);
            }
            None => field(out, b",\"lineage\":", lineage)?,
        }
        field(out, b",\"border_m\":", border_m)?;
        match runner_up.as_ref().and_then(find) {
            Some((alone, _)) => {
                out.extend_from_slice(b",\"runner_up\":");
                out.extend_from_slice(alone);
            }
            None => field(out, b",\"runner_up\":", runner_up)?,
        }
        if distance_m.is_some() {
            field(out, b",\"distance_m\":", distance_m)?;
        }
        present(out, b",\"beyond\":", beyond.as_ref())?;
        field(out, b",\"certainty\":", certainty)?;
        present(out, b",\"territories\":", territories.as_ref())?;
        present(out, b",\"basis\":", basis.as_ref())?;
        present(out, b",\"match\":", matched.as_ref())?;
        present(out, b",\"postal_code\":", postal_code.as_ref())?;
        present(out, b",\"installation\":", installation.as_ref())?;
        out.push(b'}');
        Ok(())
    }
}

fn present(out: &mut Vec<u8>, name: &[u8], value: Option<&impl Serialize>) -> serde_json::Result<()> {
    value.map_or(Ok(()), |value| field(out, name, value))
}

fn field(out: &mut Vec<u8>, name: &[u8], value: &impl Serialize) -> serde_json::Result<()> {
    out.extend_from_slice(name);
    serde_json::to_writer(out, value)
}
