/// A form for objects of one kind.
struct FormDefinition: Sendable {
    /// Its section of the catalogue below `forms`.
    let key: String
    let groups: [FormGroup]

    var fields: [FormField] { groups.flatMap(\.fields) }

    /// Its section of the catalogue of texts.
    var section: String { "forms.\(key)" }

    /// The names of the fields with secrets.
    var secrets: [String] { fields.filter(\.isSecret).map(\.name) }

    /// The section of a field's texts.
    func section(of field: FormField) -> String { "\(section).fields.\(field.name)" }
}

/// Fields that belong together, under a heading.
struct FormGroup: Sendable {
    /// The key of its heading below the form's `groups`; empty for none.
    let key: String
    var isFolded = false
    let fields: [FormField]
    /// The value of a field with which a folded group is in use, and therefore open.
    var use: Use?

    struct Use: Sendable {
        let field: String
        let value: String
    }
}

/// A field, with its name in the API.
struct FormField: Sendable {
    enum Kind: Sendable {
        case text
        case email
        case number
        case flag
        case longText
        /// Python.
        case code
        /// Never shown; if it is left empty, the value stays as it is.
        case secret
        /// A secret of several lines, which the API takes under another name.
        case secretText(for: String)
        /// JSON, shown as it is written.
        case attributes
        /// One of several values, as radio buttons with their consequences.
        case choice([String])
        /// When something ends, as one of several numbers of days from now, or never.
        case lifetime([Int])
        /// One or several of the objects of a list.
        case objects(ObjectSource, isMultiple: Bool)
        /// An object found by its exact name, for lists that may be long.
        case named(ObjectSource)
    }

    let name: String
    let kind: Kind
    /// Whether the record has the value sealed, though its form shows a part of it.
    var isSealed = false
    var isOptional = false
    /// The value for a new object.
    var standard = ""
    /// The object that new objects use by default, by authentik's name of what it manages.
    var preselected: String?
    /// The name of the field from which a script derives a proposal, as for slugs.
    var derivedFrom: String?

    /// The value of a lifetime without an end.
    static let never = "never"

    /// Whether what is entered must not be written into a page or kept.
    var isSecret: Bool {
        switch kind {
        case .secret, .secretText: true
        default: isSealed
        }
    }
}
