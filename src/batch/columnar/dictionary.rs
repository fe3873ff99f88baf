//! Texts that many rows share: each once, and its number for every row.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray};
use arrow_buffer::{NullBuffer, ScalarBuffer};

/// The key of a row that has no text.
pub(super) const NOTHING: i32 = -1;

/// A list of texts without repetition.
#[derive(Debug)]
pub(super) struct Dictionary<'a> {
    places: HashMap<&'a str, i32>,
    texts: Arc<StringArray>,
}

impl<'a> Dictionary<'a> {
    /// Of all texts that may come up, in order of the first of each.
    pub fn new(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut places = HashMap::new();
        let mut own = Vec::new();
        for text in texts {
            places.entry(text).or_insert_with(|| {
                own.push(text);
                own.len() as i32 - 1
            });
        }
        Self { places, texts: Arc::new(StringArray::from(own)) }
    }

    /// The key of a text; [`NOTHING`] for one that is not in the list.
    pub fn key(&self, text: &str) -> i32 {
        self.places.get(text).copied().unwrap_or(NOTHING)
    }

    /// A column by its keys: a dictionary, or plain texts.
    pub fn column(&self, keys: Vec<i32>, plain: bool) -> ArrayRef {
        if plain {
            let mut out = StringBuilder::with_capacity(keys.len(), keys.len() * 8);
            for &key in &keys {
                match usize::try_from(key) {
                    Ok(key) => out.append_value(self.texts.value(key)),
                    Err(_) => out.append_null(),
                }
            }
            return Arc::new(out.finish());
        }
        let nulls = keys.contains(&NOTHING).then(|| keys.iter().map(|&key| key != NOTHING).collect::<NullBuffer>());
        // What stands under a null counts for nothing, and is a key all the same to whoever does not look.
        let keys = if nulls.is_some() { keys.into_iter().map(|key| key.max(0)).collect() } else { keys };
        let keys = Int32Array::new(ScalarBuffer::from(keys), nulls);
        if self.texts.values().is_empty() && self.texts.iter().len() == 0 {
            // No key is in range of an empty list: all are null.
            return Arc::new(DictionaryArray::<Int32Type>::new(
                Int32Array::new_null(keys.values().len()),
                self.texts.clone(),
            ));
        }
        Arc::new(DictionaryArray::<Int32Type>::new(keys, self.texts.clone()))
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array as _;
    use arrow_array::cast::AsArray as _;

    use super::*;

    #[test]
    fn a_text_stands_once_and_rows_without_one_are_null() {
        let list = Dictionary::new(["b", "a", "b"]);
        assert_eq!((list.key("b"), list.key("a"), list.key("c")), (0, 1, NOTHING));
        let column = list.column(vec![1, NOTHING, 0, 1], false);
        let typed = column.as_dictionary::<Int32Type>();
        assert_eq!(typed.values().len(), 2);
        let texts: Vec<Option<&str>> = typed.downcast_dict::<StringArray>().unwrap().into_iter().collect();
        assert_eq!(texts, [Some("a"), None, Some("b"), Some("a")]);
        let plain = list.column(vec![1, NOTHING], true);
        assert_eq!(plain.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("a"), None]);
        assert_eq!(Dictionary::new([]).column(vec![NOTHING; 3], false).null_count(), 3);
    }
}
