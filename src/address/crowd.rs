//! How many people streets, municipalities and postal codes hold, as far as a registry and the units' people can tell.

use super::gazetteer::{GazetteerView, NO_UNIT};

/// People by street, municipality and postal code: what ranks completions.
///
/// The people of a unit are shared evenly between the addresses (apartments included) that the registry has there. A unit
/// without a known count gets the mean of those with one; where no unit has one, each address counts as one person. An
/// estimate, good for an order and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    pub(super) streets: Vec<u32>,
    pub(super) localities: Vec<u32>,
    pub(super) codes: Vec<u32>,
}

impl GazetteerView<'_> {
    /// Shares people, given by place of unit, between addresses. Linear in the registry: once for each atlas.
    #[must_use]
    pub fn crowd(&self, people_of: impl Fn(u32) -> Option<u32>) -> Crowd {
        let rates = self.rates(people_of);
        let rate = |unit: u32| rates.get(unit as usize).copied().unwrap_or(rates[rates.len() - 1]);
        let areas = |rows: &[super::gazetteer::AreaRow]| -> Vec<u32> {
            let people = |ends: &[super::gazetteer::AreaRow]| {
                let shares = &self.shares[ends[0].first as usize..ends[1].first as usize];
                shares.iter().map(|share| f64::from(share.addresses) * rate(share.unit)).sum::<f64>().round() as u32
            };
            rows.windows(2).map(people).collect()
        };
        let of_areas = areas(self.locality_areas);
        let streets = (0..self.street_count()).map(|street| {
            let units = &self.units[self.addresses_of(street)];
            let mean = units.iter().map(|&unit| rate(unit)).sum::<f64>() / units.len().max(1) as f64;
            (mean * f64::from(self.streets[street].weight)).round() as u32
        });
        Crowd {
            streets: streets.collect(),
            // A name without addresses of its own stands for the whole municipality, whose people are not all there.
            localities: (self.localities.iter().enumerate())
                .map(|(id, row)| if row.area as usize == id { of_areas[id] } else { 0 })
                .collect(),
            codes: areas(self.postal_areas),
        }
    }

    /// People to each address by place of unit; the last is that of any other unit.
    fn rates(&self, people_of: impl Fn(u32) -> Option<u32>) -> Vec<f64> {
        let units = self.units.iter().filter(|&&unit| unit != NO_UNIT).max().map_or(0, |&last| last as usize + 1);
        let mut addresses = vec![0_u32; units];
        for (id, row) in self.localities.iter().enumerate().filter(|(id, row)| row.root as usize == *id) {
            debug_assert_eq!(row.area as usize, id);
            let ends = &self.locality_areas[id..id + 2];
            for share in &self.shares[ends[0].first as usize..ends[1].first as usize] {
                if let Some(count) = addresses.get_mut(share.unit as usize) {
                    *count += share.addresses;
                }
            }
        }
        let known: Vec<Option<f64>> = (addresses.iter().zip(0..))
            .map(|(&count, unit)| {
                people_of(unit).filter(|_| count > 0).map(|people| f64::from(people) / f64::from(count))
            })
            .collect();
        let counted =
            known.iter().zip(&addresses).filter_map(|(rate, &count)| rate.map(|rate| (rate, f64::from(count))));
        let (people, all) = counted.fold((0.0, 0.0), |sum, (rate, count)| (sum.0 + rate * count, sum.1 + count));
        let mean = if people > 0.0 { people / all } else { 1.0 };
        known.into_iter().map(|rate| rate.filter(|_| people > 0.0).unwrap_or(mean)).chain([mean]).collect()
    }
}
