//! Lists of editions as people write them.

use std::collections::BTreeMap;

use super::CompareError;

/// Editions named, and which one each period is coded in where that was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditionList {
    /// Names of editions, each once, in the order written.
    pub names: Vec<String>,
    /// Editions by label of a period, or by year.
    pub coded_in: BTreeMap<String, String>,
}

/// Reads `E1,E2`, or `PERIOD=E1,YEAR..YEAR=E2`, or both mixed.
///
/// # Errors
/// [`CompareError::EmptyList`], [`CompareError::BadListItem`], [`CompareError::RepeatedPeriod`].
pub fn parse_editions(text: &str) -> Result<EditionList, CompareError> {
    let mut list = EditionList::default();
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        let bad = || CompareError::BadListItem { found: item.to_owned() };
        let name = match item.split_once('=') {
            None => item,
            Some((period, name)) => {
                let (period, name) = (period.trim(), name.trim());
                if period.is_empty() || name.is_empty() {
                    return Err(bad());
                }
                let periods: Vec<String> = match period.split_once("..") {
                    None => vec![period.to_owned()],
                    Some((first, last)) => {
                        let year = |text: &str| text.trim().parse::<u16>().map_err(|_| bad());
                        let (first, last) = (year(first)?, year(last)?);
                        if first > last || last - first > 500 {
                            return Err(bad());
                        }
                        (first..=last).map(|year| year.to_string()).collect()
                    }
                };
                for period in periods {
                    if list.coded_in.insert(period.clone(), name.to_owned()).is_some() {
                        return Err(CompareError::RepeatedPeriod { period });
                    }
                }
                name
            }
        };
        if !list.names.iter().any(|known| known == name) {
            list.names.push(name.to_owned());
        }
    }
    if list.names.is_empty() {
        return Err(CompareError::EmptyList { found: text.to_owned() });
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_are_named_alone_by_period_or_by_a_run_of_years() {
        let list = parse_editions("2015..2017=A, 2018=B, C,B").unwrap();
        assert_eq!(list.names, ["A", "B", "C"]);
        let given: Vec<(&str, &str)> =
            list.coded_in.iter().map(|(period, name)| (period.as_str(), name.as_str())).collect();
        assert_eq!(given, [("2015", "A"), ("2016", "A"), ("2017", "A"), ("2018", "B")]);
    }

    #[test]
    fn a_list_that_makes_no_sense_is_refused_by_name() {
        for (text, words) in [
            ("", "names no edition"),
            (" , ", "names no edition"),
            ("2015=", "\"2015=\""),
            ("=A", "\"=A\""),
            ("2020..2015=A", "2020..2015"),
            ("x..y=A", "x..y"),
            ("2015=A,2015=B", "period \"2015\""),
        ] {
            let message = parse_editions(text).unwrap_err().to_string();
            assert!(message.contains(words), "{text}: {message}");
        }
    }
}
