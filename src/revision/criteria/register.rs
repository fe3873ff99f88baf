//! The list of criteria.

use super::compactness::Compactness;
use super::contiguity::Contiguity;
use super::criterion::Criterion;
use super::distance::Distance;
use super::flows::Flows;
use super::gmf::Gmf;
use super::indicators::Indicators;
use super::mrc::Mrc;
use super::municipalities::Municipalities;
use super::people::People;
use super::travel::Travel;

/// Every criterion, in the order in which people read them.
pub const CRITERIA: &[&dyn Criterion] =
    &[&People, &Contiguity, &Compactness, &Distance, &Travel, &Municipalities, &Mrc, &Flows, &Gmf, &Indicators];

/// The criterion of a word; none where there is no such criterion.
#[must_use]
pub fn criterion(id: &str) -> Option<&'static dyn Criterion> {
    CRITERIA.iter().copied().find(|known| known.id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;
    use crate::revision::CriteriaSettings;

    #[test]
    fn every_criterion_has_a_word_of_its_own_and_says_what_it_is_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for known in CRITERIA {
            assert!(seen.insert(known.id()), "{} stands twice", known.id());
            let names = Language::ALL.map(|language| known.name(language));
            assert!(names.iter().all(|name| !name.is_empty()) && criterion(known.id()).is_some());
            let told = Language::ALL.map(|language| known.yardstick(&CriteriaSettings::default(), language));
            assert!(told[0] != told[1], "{} is told in one language only", known.id());
        }
        assert!(criterion("nothing").is_none());
    }
}
