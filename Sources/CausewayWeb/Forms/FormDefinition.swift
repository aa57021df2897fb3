import CausewayAPI
import CausewayJSON
import HTTPTypes

/// A form for objects of one kind.
struct FormDefinition: Sendable {
    /// Its section of the catalogue below `forms`.
    let key: String
    let groups: [FormGroup]

    var fields: [FormField] { groups.flatMap(\.fields) }
}

/// Fields that belong together, under a heading.
struct FormGroup: Sendable {
    /// The key of its heading below the form's `groups`; empty for none.
    let key: String
    var isFolded = false
    let fields: [FormField]
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
        /// JSON, shown as it is written.
        case attributes
        /// One of several values, as radio buttons with their consequences.
        case choice([String])
        /// One or several of the objects of a list.
        case objects(ObjectSource, isMultiple: Bool)
        /// An object found by its exact name, for lists that may be long.
        case named(ObjectSource)
    }

    let name: String
    let kind: Kind
    var isOptional = false
    /// The value for a new object.
    var standard = ""
    /// The object that new objects use by default, by authentik's name of what it manages.
    var preselected: String?
    /// The name of the field from which a script derives a proposal, as for slugs.
    var derivedFrom: String?
}

/// Where selectable objects are listed.
struct ObjectSource: Sendable {
    /// The API's list, sorted.
    let list: String
    /// The API's address of one object, before its key.
    let object: String
    var id = "pk"
    var label = "name"
    /// Whether keys are numbers.
    var isNumeric = false
}

extension ObjectSource {
    /// The name of an object by its key; a text that is not a key is the name that was entered.
    func name(of text: String, _ api: APIClient) async throws -> String {
        guard text.wholeMatch(of: /[0-9a-fA-F-]{36}|[0-9]+/) != nil else { return text }
        let answer = await api.send(.get, "\(object)\(text.urlPathPart)/")
        return answer.status == 200 ? answer.body[label]?.string ?? text : text
    }
}
