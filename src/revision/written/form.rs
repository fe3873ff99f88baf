//! Every operation with its fields: the one list that documents, help and messages read.

use crate::domain::{Language, Level};

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// The code of a territory, of a level where it is known which.
    Code(Option<Level>),
    /// The word of a level with territories.
    Level,
    /// A whole number of 0 or more.
    Whole,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// The identifier of a unit.
    Unit,
    /// Units: identifiers, or what they lie in (see [`SELECTION`]).
    Units,
    /// Texts: one, or a list.
    Texts,
    /// The points of a line.
    Line,
    /// The name of a file of polygons, or the geometry of a polygon as `GeoJSON` has it.
    Polygon,
    /// A list.
    List(&'static Kind),
    /// A table of fields.
    Table(&'static [Field]),
}

/// A field of a table.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds.
    pub kind: Kind,
    french: &'static str,
    english: &'static str,
}

/// An operation.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Its word, in the field `op`.
    pub word: &'static str,
    /// Its fields, `op` left out.
    pub fields: &'static [Field],
    /// An example as JSON, which the embedded demo allows.
    pub example: &'static str,
    french: &'static str,
    english: &'static str,
}

impl Field {
    const fn new(name: &'static str, kind: Kind, french: &'static str, english: &'static str) -> Self {
        Self { name, required: true, kind, french, english }
    }

    const fn optional(name: &'static str, kind: Kind, french: &'static str, english: &'static str) -> Self {
        Self { required: false, ..Self::new(name, kind, french, english) }
    }

    /// What it says, for people.
    #[must_use]
    pub fn words(&self, language: Language) -> &'static str {
        language.pick(self.french, self.english)
    }
}

impl Form {
    /// What the operation does, for people.
    #[must_use]
    pub fn words(&self, language: Language) -> &'static str {
        language.pick(self.french, self.english)
    }
}

/// The operation of a word.
#[must_use]
pub fn form(word: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.word == word)
}

const CLSC: Kind = Kind::Code(Some(Level::Clsc));
const RLS: Kind = Kind::Code(Some(Level::Rls));
const RTS: Kind = Kind::Code(Some(Level::Rts));
const RSS: Kind = Kind::Code(Some(Level::Rss));
const RUISSS: Kind = Kind::Code(Some(Level::Ruisss));

/// What stands at the top of a revision.
pub const HEADER: &[Field] = &[
    Field::new(
        "id",
        Kind::Text,
        "identifiant de la révision, et de l'édition qu'elle donne",
        "identifier of the revision, and of the edition it gives",
    ),
    Field::new("label", Kind::Text, "titre pour les gens, en français", "title for people, in French"),
    Field::new(
        "base",
        Kind::Text,
        "identifiant de l'édition de départ",
        "identifier of the edition that it starts from",
    ),
    Field::new("valid_from", Kind::Date, "premier jour en vigueur", "first day on which it holds"),
    Field::optional(
        "official",
        Kind::YesNo,
        "true si elle énonce les limites du ministère ; false sinon",
        "true if it states the ministry's limits; false unless said",
    ),
    Field::optional("reason", Kind::Text, "pourquoi, en mots", "why, in words"),
];

const TRANSFER: &[Field] = &[
    Field::new("to", CLSC, "CLSC qui reçoit", "CLSC that receives"),
    Field::new("units", Kind::Units, "aires, où qu'elles soient", "units, wherever they are"),
];

const NEW_CLSC: &[Field] = &[
    Field::new("code", CLSC, "code du nouveau CLSC, que personne n'a", "code of the new CLSC, that nobody has"),
    Field::new("name", Kind::Text, "son nom", "its name"),
    Field::new("units", Kind::Units, "ses aires", "its units"),
    Field::optional(
        "parents",
        Kind::Table(PARENTS),
        "ce qui est au-dessus ; sinon, ce qui est au-dessus du CLSC d'où viennent ses aires",
        "what stands above it; else what stands above the CLSC that its units come from",
    ),
];

const PARENT: &[Field] = &[
    Field::new("code", Kind::Code(None), "son code", "its code"),
    Field::optional("name", Kind::Text, "son nom, pour un code nouveau", "its name, for a new code"),
];

const PARENTS: &[Field] = &[
    Field::new("rls", Kind::Table(PARENT), "RLS", "RLS"),
    Field::new("rts", Kind::Table(PARENT), "RTS", "RTS"),
    Field::new("rss", Kind::Table(PARENT), "RSS", "RSS"),
    Field::new("ruisss", Kind::Table(PARENT), "RUISSS", "RUISSS"),
];

const PUBLISHED: &[Field] = &[
    Field::new("level", Kind::Level, "niveau", "level"),
    Field::new("code", Kind::Code(None), "code du territoire", "code of the territory"),
    Field::optional(
        "people",
        Kind::Whole,
        "personnes publiées ; rien si plus rien n'est publié",
        "people published; nothing where none are any more",
    ),
];

const SHARE: &[Field] = &[
    Field::new("clsc", CLSC, "CLSC", "CLSC"),
    Field::new("fraction", Kind::Number, "sa part, de 0 à 1", "its part, 0 to 1"),
];

const STRADDLE: &[Field] = &[
    Field::new("unit", Kind::Unit, "aire partagée", "shared unit"),
    Field::new(
        "shares",
        Kind::List(&Kind::Table(SHARE)),
        "parts, la plus grande d'abord ; aucune si l'aire n'est plus partagée",
        "shares, largest first; none where the unit is shared no more",
    ),
    Field::optional(
        "people_moved",
        Kind::Whole,
        "personnes hors de la plus grande part",
        "people outside the largest share",
    ),
];

/// What units can be named by; of several in one table, those that all of them name.
pub const SELECTION: &[Field] = &[
    Field::optional(
        "clsc",
        Kind::Texts,
        "code d'un CLSC de l'édition de départ, ou plusieurs",
        "code of a CLSC of the base, or several",
    ),
    Field::optional(
        "municipality",
        Kind::Texts,
        "code ou nom d'une municipalité, ou plusieurs",
        "code or name of a municipality, or several",
    ),
    Field::optional(
        "mrc",
        Kind::Texts,
        "code ou nom d'une MRC (ou division de recensement), ou plusieurs",
        "code or name of an MRC (or census division), or several",
    ),
    Field::optional(
        "tract",
        Kind::Texts,
        "numéro d'un secteur de recensement, ou plusieurs",
        "number of a census tract, or several",
    ),
    Field::optional(
        "polygon",
        Kind::Polygon,
        "fichier de polygones (shapefile ou GeoJSON), ou géométrie GeoJSON { type, coordinates } : les aires dont plus de la moitié y est",
        "file of polygons (shapefile or GeoJSON), or a GeoJSON geometry { type, coordinates }: units of which more than half lies in them",
    ),
    Field::optional(
        "list",
        Kind::Text,
        "fichier d'identifiants (CSV ou texte, un par ligne)",
        "file of identifiers (CSV or text, one a line)",
    ),
    Field::optional(
        "left_of",
        Kind::Line,
        "points [longitude, latitude] d'une ligne : les aires à sa gauche",
        "points [longitude, latitude] of a line: units on its left",
    ),
    Field::optional(
        "right_of",
        Kind::Line,
        "points [longitude, latitude] d'une ligne : les aires à sa droite",
        "points [longitude, latitude] of a line: units on its right",
    ),
];

/// Every operation.
pub const FORMS: &[Form] = &[
    Form {
        word: "move_units",
        example: r#"{"op":"move_units","transfers":[{"to":"03141","units":["24015008"]}]}"#,
        french: "des aires passent à d'autres CLSC qui existent",
        english: "units go to other CLSC that exist",
        fields: &[Field::new(
            "transfers",
            Kind::List(&Kind::Table(TRANSFER)),
            "qui va où ; une aire une seule fois",
            "who goes where; a unit stands once",
        )],
    },
    Form {
        word: "split",
        example: r#"{"op":"split","clsc":"01111","parts":[{"code":"01112","name":"Nouveau territoire","units":["24015008"]}]}"#,
        french: "des aires d'un CLSC en forment de nouveaux ; ce qui n'est pas nommé reste",
        english: "units of one CLSC become new ones; what is not named stays",
        fields: &[
            Field::new("clsc", CLSC, "CLSC scindé", "CLSC that is split"),
            Field::new(
                "parts",
                Kind::List(&Kind::Table(NEW_CLSC)),
                "les nouveaux, faits de ses aires",
                "the new ones, made of units of it",
            ),
        ],
    },
    Form {
        word: "merge",
        example: r#"{"op":"merge","into":"01111","from":["03141"]}"#,
        french: "des CLSC entiers passent dans un autre, qui garde son code et son nom",
        english: "CLSC go whole into another, which keeps its code and name",
        fields: &[
            Field::new("into", CLSC, "celui qui reste", "the one that stays"),
            Field::new("from", Kind::List(&CLSC), "ceux qui sont abolis", "those that are abolished"),
        ],
    },
    Form {
        word: "create",
        example: r#"{"op":"create","clsc":{"code":"01112","name":"Nouveau territoire","units":["24015008"]}}"#,
        french: "un CLSC est fait d'aires de n'importe quels autres",
        english: "a CLSC is made of units of any others",
        fields: &[Field::new("clsc", Kind::Table(NEW_CLSC), "le nouveau", "the new one")],
    },
    Form {
        word: "close",
        example: r#"{"op":"close","clsc":"01141","homes":[{"to":"01151","units":{"clsc":"01141"}}]}"#,
        french: "un CLSC est aboli, et chacune de ses aires reçoit un CLSC",
        english: "a CLSC is abolished, and each of its units given a CLSC",
        fields: &[
            Field::new("clsc", CLSC, "CLSC aboli", "CLSC that is abolished"),
            Field::new(
                "homes",
                Kind::List(&Kind::Table(TRANSFER)),
                "où vont ses aires : toutes",
                "where its units go: all of them",
            ),
        ],
    },
    Form {
        word: "rename",
        example: r#"{"op":"rename","level":"clsc","code":"01111","name":"Nouveau nom"}"#,
        french: "un territoire change de nom",
        english: "a territory changes its name",
        fields: &[
            Field::new("level", Kind::Level, "niveau", "level"),
            Field::new("code", Kind::Code(None), "code", "code"),
            Field::new("name", Kind::Text, "nouveau nom", "new name"),
        ],
    },
    Form {
        word: "recode",
        example: r#"{"op":"recode","level":"clsc","code":"01111","new_code":"01112"}"#,
        french: "un territoire change de code",
        english: "a territory changes its code",
        fields: &[
            Field::new("level", Kind::Level, "niveau", "level"),
            Field::new("code", Kind::Code(None), "code jusqu'ici", "code until now"),
            Field::new("new_code", Kind::Code(None), "nouveau code, que personne n'a", "new code, that nobody has"),
        ],
    },
    Form {
        word: "move_clsc_to_rls",
        example: r#"{"op":"move_clsc_to_rls","clsc":"01111","rls":"0314"}"#,
        french: "un CLSC passe à un autre RLS, et au RTS et à la RSS de celui-ci ; son RUISSS reste",
        english: "a CLSC goes to another RLS, and to that one's RTS and RSS; its RUISSS stays",
        fields: &[
            Field::new("clsc", CLSC, "CLSC", "CLSC"),
            Field::new("rls", RLS, "RLS qui le reçoit", "RLS that receives it"),
        ],
    },
    Form {
        word: "move_rls_to_rts",
        example: r#"{"op":"move_rls_to_rts","rls":"0111","rts":"031"}"#,
        french: "un RLS passe à un autre RTS, et à la RSS de celui-ci ; les RUISSS restent",
        english: "an RLS goes to another RTS, and to that one's RSS; RUISSS stay",
        fields: &[
            Field::new("rls", RLS, "RLS", "RLS"),
            Field::new("rts", RTS, "RTS qui le reçoit", "RTS that receives it"),
        ],
    },
    Form {
        word: "move_rts_to_rss",
        example: r#"{"op":"move_rts_to_rss","rts":"011","rss":"03"}"#,
        french: "un RTS passe à une autre RSS",
        english: "an RTS goes to another RSS",
        fields: &[
            Field::new("rts", RTS, "RTS", "RTS"),
            Field::new("rss", RSS, "RSS qui le reçoit", "RSS that receives it"),
        ],
    },
    Form {
        word: "move_clsc_to_ruisss",
        example: r#"{"op":"move_clsc_to_ruisss","clsc":"02111","ruisss":"2"}"#,
        french: "un CLSC passe à un autre RUISSS",
        english: "a CLSC goes to another RUISSS",
        fields: &[
            Field::new("clsc", CLSC, "CLSC", "CLSC"),
            Field::new("ruisss", RUISSS, "RUISSS qui le reçoit", "RUISSS that receives it"),
        ],
    },
    Form {
        word: "set_parents",
        example: r#"{"op":"set_parents","clsc":"01111","parents":{"rls":{"code":"0314"},"rts":{"code":"031"},"rss":{"code":"03"},"ruisss":{"code":"1"}}}"#,
        french: "énonce tout ce qui est au-dessus d'un CLSC, territoires nouveaux compris",
        english: "states all that stands above a CLSC, new territories included",
        fields: &[
            Field::new("clsc", CLSC, "CLSC", "CLSC"),
            Field::new(
                "parents",
                Kind::Table(PARENTS),
                "ce qui est au-dessus désormais",
                "what stands above it from now on",
            ),
        ],
    },
    Form {
        word: "restate",
        example: r#"{"op":"restate","published":[{"level":"clsc","code":"01111","people":25000}]}"#,
        french: "énonce des populations publiées et des aires partagées",
        english: "states published people and shared units",
        fields: &[
            Field::optional(
                "published",
                Kind::List(&Kind::Table(PUBLISHED)),
                "populations publiées",
                "published people",
            ),
            Field::optional("straddles", Kind::List(&Kind::Table(STRADDLE)), "aires partagées", "shared units"),
        ],
    },
];
